package pair

import (
	"fmt"
	"slices"
	"strings"
)

// Consent is what a run agreed to have done to what others made; it is asked
// for in each run, and is no property of the pair. Values are joined by |.
type Consent uint8

// What can be agreed to.
const (
	// Merge agrees to changing what others made where ours has to stand
	// beside it: a replication configuration, its role, a bucket policy.
	// What is theirs stays in it, element for element.
	Merge Consent = 1 << iota
	// ConvertV1 agrees to rewriting rules of the first schema as rules of the
	// second that mean the same, because one configuration can't hold both.
	ConvertV1
	// Outrank agrees to a rule of ours that comes before rules of others for
	// objects that both cover, where it says otherwise than they do.
	Outrank
	// KeepCanaries agrees to canaries where they can't be deleted again.
	KeepCanaries
)

// consents are the names of the single ones, in JSON and on the command line,
// in the order of their bits.
func consents() []string { return []string{"merge", "convert-v1", "outrank", "keep-canaries"} }

// To says whether everything in one was agreed to.
func (c Consent) To(one Consent) bool { return c&one == one }

// String lists what was agreed to, such as "merge", or is "".
func (c Consent) String() string {
	var names []string
	for bit, name := range consents() {
		if c.To(1 << bit) {
			names = append(names, name)
		}
	}
	return strings.Join(names, ",")
}

// MarshalText writes what String does.
func (c Consent) MarshalText() ([]byte, error) { return []byte(c.String()), nil }

// UnmarshalText reads what MarshalText wrote.
func (c *Consent) UnmarshalText(text []byte) error {
	*c = 0
	for name := range strings.SplitSeq(string(text), ",") {
		known := name == ""
		if bit := slices.Index(consents(), name); bit >= 0 {
			*c, known = *c|1<<bit, true
		}
		if !known {
			return fmt.Errorf("nothing called %q can be agreed to", name)
		}
	}
	return nil
}
