package mountd

import (
	"net/netip"
	"strconv"
)

// inetAton reads an address as getaddrinfo does, which takes more than dotted
// quads: fewer parts, of which the last fills what is left (10.1 is 10.0.0.1),
// and octal and hexadecimal numbers (010.0.0.1 is 8.0.0.1).
func inetAton(s string) (a netip.Addr, ok bool) {
	parts, ok := dotted(s)
	if !ok {
		return a, false
	}
	var value uint64
	for i, part := range parts {
		n, err := strconv.ParseUint(cNumber(part), 0, 64)
		room := uint64(1) << 8
		if last := len(parts) - 1; i == last {
			room = 1 << (8 * (4 - last))
		}
		if err != nil || n >= room {
			return a, false
		}
		if i == len(parts)-1 {
			value = value<<(8*(4-i)) | n
		} else {
			value = value<<8 | n
		}
	}
	v := uint32(value)
	return netip.AddrFrom4([4]byte{byte(v >> 24), byte(v >> 16), byte(v >> 8), byte(v)}), true
}

// dotted splits at every dot; each of one to four parts begins with a digit.
func dotted(s string) (parts []string, ok bool) {
	start := 0
	for i := range len(s) + 1 {
		if i < len(s) && s[i] != '.' {
			continue
		}
		part := s[start:i]
		if part == "" || !isDigit(part[0]) {
			return nil, false
		}
		parts = append(parts, part)
		start = i + 1
	}
	return parts, len(parts) <= 4
}

// cNumber spells a number of C so that strconv with base 0 reads it alike: C
// knows no 0b, 0o and underscores.
func cNumber(s string) string {
	for i := range len(s) {
		c := s[i]
		hexPrefix := i == 1 && (c == 'x' || c == 'X')
		hexDigit := len(s) > 2 && (s[1] == 'x' || s[1] == 'X') && i > 1
		if !isDigit(c) && !hexPrefix && !hexDigit || c == '_' {
			return ""
		}
	}
	return s
}
