package step

import "bothways/aws/pair"

// Kind is what a step works on. Programs go by it; Title is for people. Its
// values are part of the JSON contract and begin the IDs of steps.
type Kind string

// The kinds of steps.
const (
	KindBucket     Kind = "bucket"
	KindVersioning Kind = "versioning"
	KindSettle     Kind = "settle"
	KindRole       Kind = "role"
	KindRolePolicy Kind = "role-policy" // ours, on a role of others
	KindPolicy     Kind = "policy"      // our statements in a bucket's policy
	KindRule       Kind = "rule"
	KindCanary     Kind = "canary"
	KindObjects    Kind = "objects" // canaries and probes that carry our mark
)

// OnSide is the ID of the set-up step of a kind on a side, such as "bucket-a".
func (k Kind) OnSide(name pair.SideName) string { return string(k) + "-" + name.Slug() }

// On is the ID of the set-up step of a kind in a direction, such as
// "rule-a-to-b".
func (k Kind) On(d pair.Direction) string { return string(k) + "-" + d.Slug() }

// Removal is the ID of the tear-down step that removes what a set-up step makes.
func Removal(id string) string { return "remove-" + id }
