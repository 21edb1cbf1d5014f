package objective

import (
	"time"

	"bothways/aws/drill/record"
	"bothways/probe/wording"
)

// Uncompared are the targets that were given and that a drill of this kind does not
// compare, each with why.
func Uncompared(s record.Scope) (all []string) {
	for _, one := range []struct {
		name, why string
		target    time.Duration
	}{{"RPO", s.Kind.NoRPO(), s.Targets.RPO}, {"RTO", s.Kind.NoRTO(), s.Targets.RTO}} {
		if one.target > 0 && one.why != "" {
			all = append(all, "the "+one.name+" is not compared with the target of "+wording.Duration(one.target)+", because "+one.why)
		}
	}
	return all
}
