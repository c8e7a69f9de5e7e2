package gluster

import (
	"context"
	"errors"
	"log/slog"
	"os"
	"slices"
	"strings"
	"testing"
)

// fakeHost answers commands; nothing else of a host is there.
type fakeHost struct {
	Host
	answer func(ctx context.Context, args []string) (Answer, error)
	calls  []string
}

func (h *fakeHost) Gluster(ctx context.Context, stdin string, args ...string) (Answer, error) {
	h.calls = append(h.calls, strings.Join(args, " "))
	return h.answer(ctx, args)
}

// client returns a client whose every command gets the answer, and the host
// that has recorded the commands.
func client(ans Answer, err error) (*Client, *fakeHost) {
	h := &fakeHost{answer: func(context.Context, []string) (Answer, error) { return ans, err }}
	return &Client{Host: h, Jitter: func() float64 { return 0 }}, h
}

func sample(t testing.TB, name string) string {
	t.Helper()
	b, err := os.ReadFile("testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// kinds names what an error is, of all that it could be.
func kinds(err error) string {
	var out []string
	for name, kind := range map[string]error{
		"busy": ErrBusy, "down": ErrDaemonDown, "no-gluster": ErrNoGluster, "no-volume": ErrNoVolume,
		"not-started": ErrNotStarted, "unknown": ErrUnknownOutcome,
	} {
		if errors.Is(err, kind) {
			out = append(out, name)
		}
	}
	slices.Sort(out)
	return strings.Join(out, " ")
}

func TestCommandLine(t *testing.T) {
	c, h := client(Answer{Stdout: sample(t, "volume-set-ok.xml")}, nil)
	if err := c.Set(t.Context(), "gvt", []Option{{"nfs.disable", "off"}, {"nfs.export-dir", "/a"}}); err != nil {
		t.Fatal(err)
	}
	h.answer = func(context.Context, []string) (Answer, error) {
		return Answer{Stdout: sample(t, "volume-start-ok.xml")}, nil
	}
	if err := c.StartForce(t.Context(), "gvt"); err != nil {
		t.Fatal(err)
	}
	want := "--mode=script --xml volume set gvt nfs.disable off nfs.export-dir /a\n--mode=script --xml volume start gvt force"
	if got := strings.Join(h.calls, "\n"); got != want {
		t.Errorf("ran\n%s\nwant\n%s", got, want)
	}
}

// Gluster's refusals, as they were recorded, on a read and on a write.
func TestClassify(t *testing.T) {
	xml := func(file string) Answer { return Answer{Stdout: sample(t, file)} }
	said := func(s string) Answer {
		return Answer{Stdout: `<?xml version="1.0"?><cliOutput><opRet>-1</opRet><opErrno>30800</opErrno><opErrstr>` + s + `</opErrstr></cliOutput>`}
	}
	tests := []struct {
		name        string
		ans         Answer
		err         error
		read, write string
	}{
		{"busy", xml("volume-set-locked.xml"), nil, "busy", "busy"},
		{"busy, in other words", Answer{Stdout: strings.Replace(sample(t, "volume-set-locked.xml"), "Another", "Some", 1)}, nil, "busy", "busy"},
		{"no volume, set", xml("volume-set-novol.xml"), nil, "no-volume", "no-volume"},
		{"no volume, start", xml("volume-start-novol.xml"), nil, "no-volume", "no-volume"},
		{"no volume, info", xml("volume-info-missing.xml"), nil, "no-volume", "no-volume"},
		{"not started", xml("volume-status-not-started.xml"), nil, "not-started", "not-started"},
		{"no such option is not no such volume", xml("volume-set-badkey.xml"), nil, "", ""},
		{"bad value", xml("volume-set-badpath.xml"), nil, "", ""},
		{"commit failed", said("Commit failed on localhost. Please check the log file for more details."), nil, "", "unknown"},
		{"commit failed on a busy node", said("Commit failed on n2. Another transaction is in progress"), nil, "busy", "unknown"},
		{"locked elsewhere", said("Locking failed on n2. Another transaction is in progress for gvt."), nil, "busy", "busy"},
		{"validation failed elsewhere", said("Staging failed on n2. Error: no"), nil, "", ""},
		{"unlock failed", said("Unlocking failed on n2. Please check log file for details."), nil, "", "unknown"},
		{"no without a word", said(""), nil, "", "unknown"},
		{"busy without a word", Answer{Stdout: "<?xml version='1.0'?><cliOutput><opRet>-1</opRet><opErrno>30802</opErrno></cliOutput>"}, nil, "busy", "busy"},
		{"down", Answer{Stdout: sample(t, "glusterd-down.txt"), Code: 1}, nil, "down", "down unknown"},
		{"timed out in the CLI", Answer{Stdout: "Error : Request timed out\n", Code: 1}, nil, "", "unknown"},
		{"usage", Answer{Stderr: sample(t, "volume-set-odd-args.txt"), Code: 1}, nil, "", ""},
		{"unknown word", Answer{Stdout: sample(t, "badcmd.txt"), Code: 1}, nil, "", ""},
		{"empty", Answer{Code: 1}, nil, "", "unknown"},
		{"killed", Answer{Code: -1}, nil, "", "unknown"},
		{"cut off", Answer{Stdout: sample(t, "volume-set-ok.xml")[:80]}, nil, "", "unknown"},
		{"yes with an exit status", Answer{Stdout: sample(t, "volume-set-ok.xml"), Code: 1}, nil, "", "unknown"},
		{"no answer", Answer{Code: -1}, errors.New("gone"), "", "unknown"},
		{"not installed", Answer{Code: -1}, ErrNoGluster, "no-gluster", "no-gluster"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c, _ := client(tt.ans, tt.err)
			for _, write := range []bool{false, true} {
				want := tt.read
				if write {
					want = tt.write
				}
				_, err := c.once(t.Context(), write, []string{"volume", "x"})
				if err == nil || kinds(err) != want {
					t.Errorf("write %v: %v is %q, want %q", write, err, kinds(err), want)
				}
			}
		})
	}
}

func TestErrorText(t *testing.T) {
	tests := []struct {
		name string
		ans  Answer
		err  error
		want string
	}{
		{"refusal", Answer{Stdout: sample(t, "volume-set-badpath.xml")}, nil,
			"gluster volume set gvt nfs.x '/a(10.0.0.1)': Error, Validation Failed"},
		{"down", Answer{Stdout: sample(t, "glusterd-down.txt"), Code: 1}, nil,
			"gluster volume set gvt nfs.x '/a(10.0.0.1)': glusterd does not answer; " +
				ErrUnknownOutcome.Error() + "; see whether glusterd runs there: systemctl status glusterd"},
		{"not root", Answer{Stdout: sample(t, "glusterd-down.txt"), Stderr: sample(t, "glusterd-denied.txt"), Code: 1}, nil,
			"gluster volume set gvt nfs.x '/a(10.0.0.1)': glusterd does not answer; " +
				ErrUnknownOutcome.Error() + "; gluster runs for root alone: run this as root; over SSH, name root in the target or set ssh.become"},
		{"terminal control", Answer{Stdout: "\x1b[2Jok\nok", Code: 1}, nil,
			"gluster volume set gvt nfs.x '/a(10.0.0.1)': the answer is not XML: \\x1b[2Jok\\nok; " + ErrUnknownOutcome.Error()},
		{"no word", Answer{Stdout: "<?xml version='1.0'?><cliOutput><opRet>-1</opRet></cliOutput>", Code: 2}, nil,
			"gluster volume set gvt nfs.x '/a(10.0.0.1)': no word of explanation (opRet -1, opErrno 0, exit status 2); " + ErrUnknownOutcome.Error()},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c, _ := client(tt.ans, tt.err)
			err := c.Set(t.Context(), "gvt", []Option{{"nfs.x", "/a(10.0.0.1)"}})
			if err == nil || err.Error() != tt.want {
				t.Errorf("got  %v\nwant %s", err, tt.want)
			}
		})
	}
}

func TestErrorKeepsWhatGlusterSaid(t *testing.T) {
	c, _ := client(Answer{Stdout: sample(t, "volume-set-badbool.xml"), Code: 0}, nil)
	err := c.Set(t.Context(), "gvt", []Option{{"nfs.export-volumes", "maybe"}})
	var e *Error
	if !errors.As(err, &e) {
		t.Fatalf("%v is no *Error", err)
	}
	if e.OpRet != -1 || e.OpErrno != 30800 || !strings.Contains(e.OpErrstr, "not a valid boolean") || e.Args[1] != "set" {
		t.Errorf("got %+v", e)
	}
}

func TestNothingIsRunAfterTheContextEnded(t *testing.T) {
	ctx, cancel := context.WithCancelCause(t.Context())
	cancel(errors.New("enough"))
	c, h := client(Answer{Stdout: sample(t, "volume-set-ok.xml")}, nil)
	err := c.StartForce(ctx, "gvt")
	if len(h.calls) != 0 || kinds(err) != "no-gluster" || !strings.Contains(err.Error(), "enough") {
		t.Errorf("ran %q, error %v", h.calls, err)
	}
}

func TestLog(t *testing.T) {
	var b strings.Builder
	c, _ := client(Answer{Stdout: sample(t, "volume-set-ok.xml")}, nil)
	c.Log = slog.New(slog.NewTextHandler(&b, &slog.HandlerOptions{Level: slog.LevelDebug}))
	if err := c.StartForce(t.Context(), "gvt"); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"level=DEBUG", `args="--mode=script --xml volume start gvt force"`, "took=", "code=0"} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("the log lacks %q: %s", want, b.String())
		}
	}
}
