package gluster

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"glusterd-shares/pkg/state"
)

const roundTrip = time.Second

// distant is a machine where all is as it should be, whose answers take as many round
// trips as they do over SSH: see the test of the same name in remote.
type distant struct {
	t     *testing.T
	start time.Time // when the connection was had

	mu       sync.Mutex
	commands int
}

func (d *distant) Connect(context.Context) error { return nil }

// begin takes what it costs to begin a command. For the first ones no session is
// open that waits for them.
func (d *distant) begin() {
	d.mu.Lock()
	d.commands++
	d.mu.Unlock()
	if time.Now().Equal(d.start) {
		time.Sleep(roundTrip)
	}
	time.Sleep(roundTrip)
}

func (d *distant) Run(_ context.Context, stdin string, argv ...string) (Answer, error) {
	d.begin()
	time.Sleep(roundTrip)
	mark := argv[4] + "\x00"
	switch script(argv[2]) {
	case glusterScript:
		return Answer{Stdout: mark + "run\x00" + d.gluster(stdin, argv[7:])}, nil
	case statScript:
		text := "/mnt/gvt\x0046\x00" + strings.TrimSpace(gvtMount) + "\x00"
		for line := range strings.Lines(stdin) {
			text += map[byte]string{'/': "ok\x00", '.': "41ed 0 0 46\x00"}[line[0]]
		}
		return Answer{Stdout: mark + text + mark}, nil
	case spaceScript:
		return Answer{Stdout: mark + "ok\x00100 4096\x00" + mark}, nil
	}
	d.t.Errorf("an unexpected script: %s", argv[2])
	return Answer{Code: 1}, nil
}

// gluster is what gluster prints.
func (d *distant) gluster(stdin string, args []string) string {
	switch {
	case stdin != "":
		info := strings.Replace(sample(d.t, "volume-info-gvt.xml"), "<options>", "<options><option><name>features.quota</name><value>on</value></option>", 1)
		return info + sample(d.t, "pool-list.xml") + sample(d.t, "volume-status-nfs.xml") + sample(d.t, "nfs-server.vol")
	case args[0] == "--version":
		return "glusterfs 10.3\n"
	}
	list := documentHead + " version=\"1.0\"?><cliOutput><opRet>0</opRet><volQuota>"
	for _, dir := range args[6:] {
		list += "<limit><path>" + dir + "</path><hard_limit>1024</hard_limit><used_space>0</used_space></limit>"
	}
	return list + "</volQuota></cliOutput>\n"
}

// Hold is the search for the volume's mount.
func (d *distant) Hold(_ context.Context, argv ...string) (Session, error) {
	if script(argv[2]) != findScript {
		d.t.Errorf("an unexpected script: %s", argv[2])
	}
	d.begin()
	time.Sleep(roundTrip)
	in, told := io.Pipe()
	out, says := io.Pipe()
	go func() {
		say := func(fields ...string) {
			_, _ = io.WriteString(says, strings.Join(append(fields, argv[4]), "\x00")+"\x00")
		}
		say()
		say("ok", strings.TrimSpace(gvtMount))
		for lines := bufio.NewScanner(in); lines.Scan(); {
			time.Sleep(roundTrip)
			say("ok", lines.Text(), "46:1", "65", fuseMagic, "option volume-id "+gvtID, "abc  -")
		}
	}()
	return ending{talk{out, told}}, nil
}

// ending is a session whose end takes a round trip.
type ending struct{ talk }

func (e ending) Close() error {
	time.Sleep(roundTrip)
	return e.talk.Close()
}

// noExports is a decoder of a volume without any.
type noExports struct{}

func (noExports) Decode(map[string]map[string]string, map[string]string) []state.Serving { return nil }

// A look at a volume on another machine takes 8 round trips at most, once there is a
// connection, and a few commands: however many shares there are, and whether they
// declare sizes.
func TestRoundTripsOfALook(t *testing.T) {
	for _, sized := range []bool{false, true} {
		for _, shares := range []int{1, 300} {
			t.Run(fmt.Sprintf("%d shares, sized: %v", shares, sized), func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					d := &distant{t: t, start: time.Now()}
					h := &Far{Shell: d, Name: "far"}
					v := state.Volume{Target: state.Target{User: "root", Host: "far", Volume: "gvt"}}
					for i := range shares {
						v.Shares = append(v.Shares, state.Share{Name: fmt.Sprint("s", i), Size: state.Size{Bytes: 1024, Managed: sized}})
					}
					e := NewEndpoint(h, &Client{Host: h}, v, noExports{})
					a, err := e.Observe(t.Context())
					if err != nil || len(a.Dirs) != shares || sized != (len(a.Quota.Usage) == shares) {
						t.Errorf("saw %d directories and %d limits, %v", len(a.Dirs), len(a.Quota.Usage), err)
					}
					commands := 4 // version, what is asked ahead, the mount, the directories
					if sized {
						commands += 2 // the limits, how large the volume is
					}
					if took := time.Since(d.start); took > 8*roundTrip || d.commands != commands {
						t.Errorf("it took %d round trips and %d commands", took/roundTrip, d.commands)
					}
					ok(t, e.Close())
				})
			})
		}
	}
}
