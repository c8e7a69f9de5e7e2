package statefile_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"gopkg.in/yaml.v3"

	"glusterd-shares/pkg/state/statefile"
)

// The published schema is the one of the table.
func TestSchemaIsPublished(t *testing.T) {
	golden(t, "../../../examples/state.schema.json", string(statefile.Schema()))
}

// The schema accepts what Parse accepts, each file of a set by itself.
func TestSchemaAcceptsGoodFiles(t *testing.T) {
	root := schemaRoot(t)
	files := append(glob(t, "testdata/good/*.yaml"), "../../../examples/state.yaml")
	for _, dir := range append(dirs(t, "testdata/sets/good"), "../../../examples/teams") {
		for _, f := range setFiles(t, dir) {
			files = append(files, f.Name)
		}
	}
	for _, file := range files {
		var doc any
		if err := yaml.Unmarshal(read(t, file), &doc); err != nil {
			t.Fatal(err)
		}
		if fault := root.check(root.schema, doc, "$"); fault != "" {
			t.Errorf("%s: %s", file, fault)
		}
	}
}

// The schema refuses what Parse refuses, but for the files that the golden
// lists: what is wrong there only the whole file can tell, or only the text.
func TestSchemaRefusesBadFiles(t *testing.T) {
	root := schemaRoot(t)
	var blind []string
	for _, file := range glob(t, "testdata/bad/*.yaml") {
		var doc any
		if err := yaml.Unmarshal(read(t, file), &doc); err != nil {
			continue // an editor tells of it without a schema
		}
		if root.check(root.schema, doc, "$") == "" {
			blind = append(blind, strings.TrimSuffix(filepath.Base(file), ".yaml"))
		}
	}
	golden(t, "testdata/schema-cannot-tell.golden", strings.Join(blind, "\n")+"\n")
}

// The checker that these tests use knows every word that the schema uses.
func TestSchemaUsesOnlyWhatIsChecked(t *testing.T) {
	var walk func(v any, isSchema bool)
	walk = func(v any, isSchema bool) {
		object, ok := v.(map[string]any)
		if !ok {
			return
		}
		for word, below := range object {
			if isSchema && !slices.Contains(checkedWords, word) {
				t.Errorf("the schema uses %q, which is not checked", word)
			}
			names := isSchema && (word == "properties" || word == "patternProperties" || word == "definitions")
			walk(below, !names)
		}
		if anyOf, ok := object["anyOf"].([]any); ok && isSchema {
			for _, s := range anyOf {
				walk(s, true)
			}
		}
	}
	walk(any(schemaRoot(t).schema), true)
}

var checkedWords = []string{
	"$schema", "title", "description", "definitions", // nothing to check
	"$ref", "anyOf", "type", "enum", "pattern", "maxLength", "minimum", "maximum", "items", "minItems",
	"properties", "patternProperties", "propertyNames", "additionalProperties", "required", "if", "then", "else",
}

// checker validates documents as far as our schema needs it.
type checker struct{ schema map[string]any }

func schemaRoot(t *testing.T) checker {
	t.Helper()
	var c checker
	if err := json.Unmarshal(statefile.Schema(), &c.schema); err != nil {
		t.Fatal(err)
	}
	return c
}

// check returns what is wrong with v, or nothing.
func (c checker) check(s map[string]any, v any, path string) string {
	if ref, ok := s["$ref"].(string); ok {
		name := strings.TrimPrefix(ref, "#/definitions/")
		return c.check(c.schema["definitions"].(map[string]any)[name].(map[string]any), v, path)
	}
	if anyOf, ok := s["anyOf"].([]any); ok {
		var faults []string
		for _, alternative := range anyOf {
			fault := c.check(alternative.(map[string]any), v, path)
			if fault == "" {
				return ""
			}
			faults = append(faults, fault)
		}
		return strings.Join(faults, ", and ")
	}
	if want, ok := s["type"].(string); ok && want != typeOf(v) {
		return fmt.Sprintf("%s is %s, not %s", path, typeOf(v), want)
	}
	switch v := v.(type) {
	case string:
		return checkText(s, v, path)
	case int:
		if lo, ok := s["minimum"].(float64); ok && (float64(v) < lo || float64(v) > s["maximum"].(float64)) {
			return fmt.Sprintf("%s is %d", path, v)
		}
	case []any:
		return c.checkList(s, v, path)
	case map[string]any:
		if fault := c.checkMapping(s, v, path); fault != "" {
			return fault
		}
		return c.checkCondition(s, v, path)
	}
	return ""
}

func (c checker) checkCondition(s map[string]any, v any, path string) string {
	condition, ok := s["if"].(map[string]any)
	if !ok {
		return ""
	}
	branch := "then"
	if c.check(condition, v, path) != "" {
		branch = "else"
	}
	return c.check(s[branch].(map[string]any), v, path)
}

func typeOf(v any) string {
	switch v.(type) {
	case string:
		return "string"
	case int:
		return "integer"
	case bool:
		return "boolean"
	case []any:
		return "array"
	case map[string]any:
		return "object"
	}
	return fmt.Sprintf("%T", v)
}

func checkText(s map[string]any, v, path string) string {
	if enum, ok := s["enum"].([]any); ok && !slices.Contains(enum, any(v)) {
		return fmt.Sprintf("%s is %q", path, v)
	}
	if pattern, ok := s["pattern"].(string); ok && !regexp.MustCompile(pattern).MatchString(v) {
		return fmt.Sprintf("%s: %q does not match %s", path, v, pattern)
	}
	if most, ok := s["maxLength"].(float64); ok && float64(utf8.RuneCountInString(v)) > most {
		return path + " is too long"
	}
	return ""
}

func (c checker) checkList(s map[string]any, v []any, path string) string {
	if least, ok := s["minItems"].(float64); ok && float64(len(v)) < least {
		return path + " has too few items"
	}
	for i, item := range v {
		if fault := c.check(s["items"].(map[string]any), item, fmt.Sprintf("%s[%d]", path, i)); fault != "" {
			return fault
		}
	}
	return ""
}

func (c checker) checkMapping(s map[string]any, v map[string]any, path string) string {
	required, _ := s["required"].([]any)
	for _, key := range required {
		if _, ok := v[key.(string)]; !ok {
			return fmt.Sprintf("%s lacks %s", path, key)
		}
	}
	for _, key := range slices.Sorted(maps.Keys(v)) {
		if fault := c.checkKey(s, key, v[key], path+"."+key); fault != "" {
			return fault
		}
	}
	return ""
}

func (c checker) checkKey(s map[string]any, key string, v any, path string) string {
	if names, ok := s["propertyNames"].(map[string]any); ok {
		if fault := c.check(names, key, path); fault != "" {
			return fault
		}
	}
	properties, _ := s["properties"].(map[string]any)
	if p, ok := properties[key].(map[string]any); ok {
		return c.check(p, v, path)
	}
	patterns, _ := s["patternProperties"].(map[string]any)
	for pattern := range patterns {
		if regexp.MustCompile(pattern).MatchString(key) {
			return ""
		}
	}
	switch others := s["additionalProperties"].(type) {
	case map[string]any:
		return c.check(others, v, path)
	case nil:
		return ""
	}
	return path + " is not known"
}

// The published reference is the one of the table.
func TestReferenceIsPublished(t *testing.T) {
	golden(t, "../../../docs/state-file.md", statefile.Reference())
}
