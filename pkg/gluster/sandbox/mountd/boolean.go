package mountd

import (
	"fmt"
	"strings"
)

// parseBool is gf_string2boolean (common-utils.c:1923); the empty string, an
// option that is not set, gives the default, and so does an error.
func parseBool(s string, byDefault bool) (bool, error) {
	switch strings.ToLower(s) {
	case "":
		return byDefault, nil
	case "1", "on", "yes", "true", "enable":
		return true, nil
	case "0", "off", "no", "false", "disable":
		return false, nil
	}
	return byDefault, fmt.Errorf("%q is not a boolean", s)
}
