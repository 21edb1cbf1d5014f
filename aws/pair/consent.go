package pair

import (
	"fmt"
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
	// KeepCanaries agrees to canaries where they can't be deleted again.
	KeepCanaries
)

// consents are the single ones, by their names in JSON and on the command line.
func consents() map[Consent]string {
	return map[Consent]string{Merge: "merge", ConvertV1: "convert-v1", KeepCanaries: "keep-canaries"}
}

// To says whether everything in one was agreed to.
func (c Consent) To(one Consent) bool { return c&one == one }

// String lists what was agreed to, such as "merge", or is "".
func (c Consent) String() string {
	var names []string
	for _, one := range []Consent{Merge, ConvertV1, KeepCanaries} {
		if c.To(one) {
			names = append(names, consents()[one])
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
		for one, called := range consents() {
			if called == name {
				*c, known = *c|one, true
			}
		}
		if !known {
			return fmt.Errorf("nothing called %q can be agreed to", name)
		}
	}
	return nil
}
