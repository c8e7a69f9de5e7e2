package gluster

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"testing/synctest"

	"glusterd-shares/pkg/state"
)

func TestVerb(t *testing.T) {
	for _, tt := range []struct {
		args []string
		want string
	}{
		{volumesArgs, "volume info"},
		{peersArgs, "pool list"},
		{statusArgs("gv0"), "volume status"},
		{toldArgs, "system:: getspec"},
		{versionArgs, "version"},
		{enableQuotaArgs("gv0"), "volume quota enable"},
		{limitArgs("gv0", state.Limit{Path: "/alpha", Bytes: 1}), "volume quota limit-usage"},
		{limitArgs("gv0", state.Limit{Path: "/alpha"}), "volume quota remove"},
		{[]string{"volume", "set", "gv0", "nfs.disable", "off"}, "volume set"},
		{[]string{"x"}, "x"},
	} {
		if got := verb(tt.args); got != tt.want {
			t.Errorf("verb(%q) is %q, want %q", tt.args, got, tt.want)
		}
	}
}

func TestResultOf(t *testing.T) {
	for _, tt := range []struct {
		err  error
		want Result
	}{
		{nil, OK},
		{ErrBusy, Busy},
		{errors.Join(ErrDaemonDown, ErrUnknownOutcome), UnknownOutcome},
		{fmt.Errorf("no: %w", ErrDaemonDown), DaemonDown},
		{ErrNoGluster, NotRun},
		{&Error{OpRet: -1, Kinds: []error{ErrNoVolume}}, No},
		{&Error{Code: 1, Text: "what?"}, NotUnderstood},
	} {
		if got := resultOf(tt.err); got != tt.want || !slices.Contains(Results, got) {
			t.Errorf("resultOf(%v) is %q, want %q", tt.err, got, tt.want)
		}
	}
}

// Each try is told.
func TestRan(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, h := client(Answer{Stdout: sample(t, "volume-set-locked.xml")}, nil)
		var got []Command
		c.Ran = func(ran Command) {
			got = append(got, ran)
			h.answer = func(context.Context, []string) (Answer, error) {
				return Answer{Stdout: sample(t, "volume-set-ok.xml")}, nil
			}
		}
		if err := c.write(t.Context(), "volume", "set", "gv0", "nfs.disable", "off"); err != nil {
			t.Fatal(err)
		}
		want := []Command{{"volume set", Busy, false}, {"volume set", OK, true}}
		if !slices.Equal(got, want) {
			t.Errorf("got %v, want %v", got, want)
		}
	})
}
