package main

import (
	"encoding/json"
	"errors"
	"io"
	"strconv"
	"strings"

	"github.com/rogpeppe/go-internal/testscript"

	"glusterd-shares/test/planschema"
)

// checkDocument checks what every JSON output has, and holds what plan prints to
// its schema.
func checkDocument(ts *testscript.TestScript, code int) {
	var d struct {
		FormatVersion string `json:"format_version"`
		Command       string `json:"command"`
		ExitCode      *int   `json:"exit_code"`
	}
	ts.Check(oneDocument(ts.ReadFile("stdout"), &d))
	if d.FormatVersion == "" || d.ExitCode == nil || *d.ExitCode != code {
		ts.Fatalf("the document has the format version %q and the exit code %v, want %d", d.FormatVersion, d.ExitCode, code)
	}
	if applied := strings.Contains(ts.ReadFile("stdout"), `"report": {`); d.Command == "plan" || d.Command == "apply" && !applied {
		ts.Check(planschema.Check([]byte(ts.ReadFile("stdout"))))
	}
}

// oneDocument reads text that is one JSON value and nothing else.
func oneDocument(text string, into any) error {
	d := json.NewDecoder(strings.NewReader(text))
	if err := d.Decode(into); err != nil {
		return err
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return errors.New("something follows the JSON document")
	}
	return nil
}

// jsonValue is
//
//	json FILE PATH VALUE
//
// The value at the path, such as volumes.0.plan.actions.len, is VALUE: text as it
// is, everything else as JSON. len is the length of a list.
func jsonValue(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 3 {
		ts.Fatalf("usage: json FILE PATH VALUE")
	}
	var v any
	ts.Check(oneDocument(ts.ReadFile(args[0]), &v))
	for _, key := range strings.Split(args[1], ".") {
		v = member(ts, v, key)
	}
	got, isText := v.(string)
	if !isText {
		b, err := json.Marshal(v)
		ts.Check(err)
		got = string(b)
	}
	if got != args[2] {
		ts.Fatalf("%s is %s", args[1], got)
	}
}

func member(ts *testscript.TestScript, v any, key string) any {
	switch v := v.(type) {
	case map[string]any:
		if m, ok := v[key]; ok {
			return m
		}
	case []any:
		if key == "len" {
			return len(v)
		}
		if i, err := strconv.Atoi(key); err == nil && i < len(v) {
			return v[i]
		}
	}
	ts.Fatalf("there is no %q in %v", key, v)
	return nil
}
