package statefile

import (
	"fmt"
	"regexp"
	"strconv"
)

const (
	accountPattern = `^[A-Za-z0-9_][A-Za-z0-9_.@$+-]*$`
	maxAccount     = 256
	maxID          = 1<<32 - 2 // the highest number stands for nobody in chown(2): leave it as it is
)

var (
	idRange = fmt.Sprintf("write a number from 0 to %d", uint32(maxID))
	account = regexp.MustCompile(accountPattern)
	digits  = regexp.MustCompile(`^-?[0-9]+$`)

	accountShape = shape{
		forms: textForm | numberForm, what: "a name or a number",
		pattern: accountPattern, most: maxAccount, min: 0, max: maxID, hint: accountHint,
	}
)

// accountHint is for the numbers that are too large for YAML itself.
func accountHint(scalar string) string {
	if digits.MatchString(scalar) {
		return idRange
	}
	return ""
}

// account reads an owner or a group.
func (d *decoder) account(v value) string {
	s := v.Value
	if digits.MatchString(s) {
		d.checkID(v)
		return s
	}
	switch {
	case formOf(v.Node) == numberForm:
		d.problem(v, "the number "+s+" is not written in plain decimal", "write decimal digits only")
	case s == "":
		d.problem(v, "the name is empty", "write a name or a number, or leave the key out")
	case len(s) > maxAccount:
		d.problem(v, fmt.Sprintf("the name has %d bytes, the limit is %d", len(s), maxAccount), "write the number instead")
	case !account.MatchString(s):
		d.problem(v, quote(s)+" is not a name that a user or a group can have", "use letters, digits and _ . @ $ + -, or write the number")
	}
	return s
}

func (d *decoder) checkID(v value) {
	n, err := strconv.ParseUint(v.Value, 10, 64)
	switch {
	case err != nil || n > maxID:
		d.problem(v, "there is no owner or group with the number "+v.Value, idRange)
	case strconv.FormatUint(n, 10) != v.Value:
		d.problem(v, "the number "+v.Value+" begins with zeros, which some readers take for octal", "write "+strconv.FormatUint(n, 10))
	}
}
