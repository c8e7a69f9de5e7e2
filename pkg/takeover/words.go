package takeover

import (
	"net/netip"
	"slices"
	"strings"

	"glusterd-shares/pkg/state"
	"glusterd-shares/pkg/state/statefile"
)

// words are the addresses and networks by which a state file names the clients
// whom the thing admits: those that its entry lists, where they come to just that,
// since two hosts are not meant as the network that they make up. Else, and where a
// state file can't have one of them by itself, they are the fewest that do.
func (x thing) words() []state.Set {
	clients := x.clients().RW
	var out []state.Set
	if len(x.exports) == 1 {
		out = listed(x.exports[0].Entry)
	}
	odd := func(s state.Set) bool { return statefile.CheckClients(s) != nil }
	if clients.IsEverybody() || !state.Union(out...).Equal(clients) || slices.ContainsFunc(out, odd) {
		out = nil
		for _, p := range clients {
			out = append(out, state.Set{p})
		}
	}
	return out
}

// listed are the addresses and networks that stand in an entry in their usual
// spelling, each once.
func listed(entry string) []state.Set {
	_, list, _ := strings.Cut(entry, "(")
	list, _, _ = strings.Cut(list, ")")
	var out []state.Set
	for word := range strings.SplitSeq(list, "|") {
		p, err := netip.ParsePrefix(word)
		if a, errAddr := netip.ParseAddr(word); errAddr == nil {
			p, err = netip.PrefixFrom(a, a.BitLen()), nil
		}
		s := state.SetOf(p)
		if err == nil && !s.Empty() && !slices.ContainsFunc(out, s.Equal) {
			out = append(out, s)
		}
	}
	return out
}
