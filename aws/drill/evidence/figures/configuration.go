package figures

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"

	"bothways/aws/drill/evidence/trail"
	"bothways/aws/drill/record"
	"bothways/aws/pair"
)

// Place is which configuration one is.
type Place struct {
	Side   pair.SideName
	Moment record.Moment
}

// File is where it lies in a folder.
func (p Place) File() string {
	return fmt.Sprintf("configurations/%s-%s.json", p.Side.Slug(), p.Moment)
}

// Chosen are the configurations of a journal that a folder has as files: the first
// that was read before the fault, and the last during it and after it.
func Chosen(t *trail.Trail) map[Place]int {
	chosen := map[Place]int{}
	for i, c := range t.Configurations {
		at := Place{c.Side, c.Moment}
		if c.Side != pair.A && c.Side != pair.B || c.Moment != record.Before && c.Moment != record.During && c.Moment != record.After {
			continue
		}
		if _, there := chosen[at]; there && c.Moment == record.Before {
			continue
		}
		chosen[at] = i
	}
	return chosen
}

// hashed says whether a configuration's hash is that of its document.
func (f *facts) hashed(c record.Configuration) string { return f.hashedText(c.Document, c.SHA256) }

func (f *facts) hashedText(document, of string) string {
	if f.End != nil && f.End.Masked {
		return "masked"
	}
	sum := sha256.Sum256([]byte(document))
	if hex.EncodeToString(sum[:]) == of {
		return "right"
	}
	return "wrong"
}

// roles holds what roles may do after the fault against what they might before it.
func (f *facts) roles(r *Restoration) {
	before, after := map[string]string{}, map[string]string{}
	for _, p := range f.Policies {
		r.Roles = append(r.Roles, Role{Side: p.Side, Role: p.Role, Moment: p.Moment, SHA256: p.SHA256, Hashed: f.hashedText(p.Document, p.SHA256), Document: p.Document, At: p.At})
		of := string(p.Side) + p.Role
		switch _, there := before[of]; {
		case p.Moment == record.After:
			after[of] = p.SHA256
		case p.Moment == record.Before && !there:
			before[of] = p.SHA256
		}
	}
	if len(r.Roles) == 0 {
		return
	}
	equal := len(before) == len(after)
	for of, sum := range before {
		equal = equal && sum != "" && after[of] == sum
	}
	r.RolesEqual = &equal
}
