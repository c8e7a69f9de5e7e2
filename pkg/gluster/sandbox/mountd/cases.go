package mountd

import (
	"bufio"
	"fmt"
	"io"
	"net/netip"
	"slices"
	"strings"
)

// Case is one case of testdata/mounts.txt: what is done to Gluster, and who
// may mount what then. The head of that file says where a case starts from.
type Case struct {
	Name   string
	Line   int
	Breaks bool // it leaves a server behind that has to be restarted
	Steps  []Step
}

// Step is one line of a case.
type Step struct {
	Line   int
	Verb   Verb
	Volume string   // of Set, Reset, Start and Stop
	Args   []string // of Set: keys and values; of Reset: one key
	Path   string   // of Mount, with the volume's name; of Mkdir, Touch and Remove likewise
	Want   []Wanted // of Mount, in the order of the line
}

// Verb is what a step does.
type Verb string

// The verbs.
const (
	Set     Verb = "set"     // volume set
	Reset   Verb = "reset"   // volume reset
	Start   Verb = "start"   // volume start
	Stop    Verb = "stop"    // volume stop
	Restart Verb = "restart" // volume start gvt force: the NFS server is started anew
	Mkdir   Verb = "mkdir"
	Touch   Verb = "touch"
	Remove  Verb = "remove" // a file or an empty directory
	Mount   Verb = "mount"
)

// Wanted is what one client must get.
type Wanted struct {
	Client  string // c1, c2 or c3
	Verdict Verdict
}

// Clients are the clients of the cases.
var Clients = map[string]netip.Addr{
	"c1": netip.AddrFrom4([4]byte{10, 0, 0, 1}),
	"c2": netip.AddrFrom4([4]byte{10, 0, 0, 2}),
	"c3": netip.AddrFrom4([4]byte{10, 0, 1, 3}),
}

// CaseHosts are the names that the cases' server knows.
var CaseHosts = Hosts{
	{Clients["c1"], []string{"c1", "c1.test"}},
	{Clients["c2"], []string{"c2", "c2.test"}},
	{Clients["c3"], []string{"c3", "c3.test"}},
}

// ReadCases reads a file of cases, which describes its own format. The error
// names the first line that is wrong.
func ReadCases(r io.Reader) ([]Case, error) {
	var cases []Case
	lines := bufio.NewScanner(r)
	for n := 1; lines.Scan(); n++ {
		words := strings.Fields(lines.Text())
		if len(words) == 0 || strings.HasPrefix(words[0], "#") {
			continue
		}
		if err := readLine(&cases, n, words); err != nil {
			return nil, fmt.Errorf("line %d: %w", n, err)
		}
	}
	return cases, lines.Err()
}

func readLine(cases *[]Case, n int, words []string) error {
	if words[0] == "case" {
		*cases = append(*cases, Case{Name: strings.Join(words[1:], " "), Line: n})
		return nil
	}
	if len(*cases) == 0 {
		return fmt.Errorf("%s before the first case", words[0])
	}
	c := &(*cases)[len(*cases)-1]
	if words[0] == "breaks" {
		c.Breaks = true
		return nil
	}
	step, err := readStep(Verb(words[0]), words[1:])
	step.Line = n
	c.Steps = append(c.Steps, step)
	return err
}

func readStep(verb Verb, words []string) (Step, error) {
	s := Step{Verb: verb}
	need := map[Verb]int{Set: 3, Reset: 2, Start: 1, Stop: 1, Restart: 0, Mkdir: 1, Touch: 1, Remove: 1, Mount: 3}
	least, ok := need[verb]
	if !ok {
		return s, fmt.Errorf("unknown step %q", verb)
	}
	if len(words) < least {
		return s, fmt.Errorf("%s takes at least %d words", verb, least)
	}
	switch verb {
	case Set, Reset, Start, Stop:
		s.Volume, s.Args = words[0], words[1:]
	case Mkdir, Touch, Remove:
		s.Path = words[0]
	case Mount:
		s.Path = words[0]
		return s, s.readWanted(words[1:])
	}
	return s, nil
}

// readWanted reads pairs of a client, or "all", and a verdict.
func (s *Step) readWanted(words []string) error {
	if len(words)%2 != 0 {
		return fmt.Errorf("a client without a verdict")
	}
	for pair := range slices.Chunk(words, 2) {
		clients := []string{pair[0]}
		if pair[0] == "all" {
			clients = []string{"c1", "c2", "c3"}
		}
		for _, c := range clients {
			if _, ok := Clients[c]; !ok {
				return fmt.Errorf("unknown client %q", c)
			}
			s.Want = append(s.Want, Wanted{c, Verdict(pair[1])})
		}
	}
	return nil
}
