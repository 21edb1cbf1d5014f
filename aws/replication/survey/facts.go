package survey

import (
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"bothways/aws/pair"
)

// Accounts are those of the sides.
func (s *Survey) Accounts() map[pair.SideName]string {
	return map[pair.SideName]string{pair.A: s.Sides[pair.A].Identity.Account, pair.B: s.Sides[pair.B].Identity.Account}
}

// Reachable says whether the side's bucket is there, where it should be.
func (s *Survey) Reachable(name pair.SideName) bool {
	found := s.Sides[name]
	return found.Exists && found.RealRegion == s.World.Pair.Side(name).Region
}

// MadeBucket says whether a side's bucket is there and carries the pair's mark.
func (s *Survey) MadeBucket(name pair.SideName) bool {
	return s.Reachable(name) && s.Sides[name].OwnMark == s.World.Pair.ID()
}

// FirstVersioning says whether a side's bucket never had versioning.
func (s *Survey) FirstVersioning() bool {
	for _, side := range s.Sides {
		if side.Versioning == "" {
			return true
		}
	}
	return false
}

// RuleNames are the IDs of the first few rules.
func RuleNames(rules []types.ReplicationRule) string {
	var names []string
	for i, r := range rules {
		if i == 3 {
			names = append(names, "…")
			break
		}
		names = append(names, aws.ToString(r.ID))
	}
	return strings.Join(names, ", ")
}

// TwoAccounts says whether the sides belong to two accounts.
func (s *Survey) TwoAccounts() bool {
	return s.Sides[pair.A].Identity.Account != s.Sides[pair.B].Identity.Account
}
