package takeover

import (
	"net/netip"
	"slices"
	"strings"

	"glusterd-shares/pkg/state"
)

// words are the addresses and networks by which a state file names the clients
// whom the thing admits: those that its entry lists, where they come to just that,
// since two hosts are not meant as the network that they make up. Else they are
// the fewest that do.
func (x thing) words() []state.Set {
	clients := x.clients().RW
	var out []state.Set
	if len(x.exports) == 1 {
		out = listed(x.exports[0].Entry)
	}
	if clients.IsEverybody() || !state.Union(out...).Equal(clients) {
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
