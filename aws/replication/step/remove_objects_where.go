package step

import (
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"

	"bothways/aws/pair"
)

// under is the pair as it writes under each of the prefixes.
func (a RemoveObjects) under() []pair.Pair {
	all := make([]pair.Pair, len(a.Prefixes))
	for i, prefix := range a.Prefixes {
		all[i] = a.Pair
		all[i].Options.Prefix = prefix
	}
	return all
}

// rooms are where objects of the pair may lie, what it writes under now first.
func (a RemoveObjects) rooms() []string {
	var own, earlier []string
	for _, p := range a.under() {
		own, earlier = append(own, p.ObjectPrefix()), append(earlier, p.EarlierPrefixes()...)
	}
	return append(own, earlier...)
}

// Where names where the pair writes.
func (a RemoveObjects) Where() string {
	all := make([]string, len(a.Prefixes))
	for i, p := range a.under() {
		all[i] = p.ObjectPrefix()
	}
	return strings.Join(all, " and ")
}

// SweepsUnder says whether the step removes what the pair wrote under a
// replicated prefix.
func (s Step) SweepsUnder(prefix string) bool {
	act, is := s.action.(RemoveObjects)
	return is && slices.Contains(act.Prefixes, prefix)
}

// has says whether a key lies in one of the rooms.
func (a RemoveObjects) has(key string) bool {
	return slices.ContainsFunc(a.rooms(), func(room string) bool { return strings.HasPrefix(key, room) })
}

// among says whether a key lies where the pair's canaries and probe objects do, or
// where earlier versions wrote theirs.
func (a RemoveObjects) among(key *string) bool {
	return slices.ContainsFunc(a.under(), func(p pair.Pair) bool {
		return slices.ContainsFunc(append(p.EarlierPrefixes(), p.CanaryPrefix(), p.ProbePrefix()), func(room string) bool { return strings.HasPrefix(aws.ToString(key), room) })
	})
}

// wrote says whether a key is one that a run of the pair makes.
func (a RemoveObjects) wrote(key *string) bool {
	return slices.ContainsFunc(a.under(), func(p pair.Pair) bool { return p.Wrote(aws.ToString(key)) })
}
