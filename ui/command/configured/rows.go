package configured

import (
	"bothways/aws/pair"
	"bothways/probe"
	"bothways/probe/stats"
)

// Why a flag has no default in the file.
const (
	consents = "it agrees to something, which is typed each time"
	aPairs   = "it is about one pair, and is said with its sides"
	aRuns    = "it is about one run, and is said with it"
	worlds   = "whether AWS is asked or a sandbox is said each time"
	outputs  = "what a script reads does not depend on a file: say it with the command"
	leaves   = "it leaves something behind, which is asked for each time"
	costs    = "it costs money, which is asked for each time"
	hides    = "it hides what is wrong, which is asked for each time"
	atTop    = "write it at the top of the file, as in theme: dark"
)

// row says of a flag's name why it has no default in the file, or what values can't
// be one.
type row struct {
	refused string
	check   func(text string) error // nil: what the flag takes
	list    bool                    // several values are one text, with commas
}

func refused(why string, names ...string) map[string]row {
	all := map[string]row{}
	for _, name := range names {
		all[name] = row{refused: why}
	}
	return all
}

// rows are all flags of all commands, by name. A new flag has to say whether a file
// may hold a default of it.
func rows() map[string]row {
	all := map[string]row{
		"sizes":  {list: true, check: func(text string) error { _, err := probe.ParseSizes(text); return err }},
		"target": {check: func(text string) error { _, err := stats.ParseTarget(text); return err }},
		"prefix": {check: pair.CheckPrefix}, "athena-tables": {list: true},
	}
	for _, name := range []string{
		"profile", "profile-a", "profile-b", "time-scale", "delays",
		"filter-tag", "no-delete-markers", "no-replica-edits", "metrics", "rtc", "keep-replica-owner", "settle", "storage-class", "role-boundary", "role-path", "role-prefix", "tag",
		"read-only", "ascii", "no-animation",
		"rounds", "for", "every", "limit", "preset", "pace", "max-rate", "progress",
		"format", "mask-accounts",
		"deep", "settings", "inventory", "workers", "metrics-file", "athena-output", "athena-database", "athena-side",
		"kind", "outage", "box", "hold", "canaries", "conflicts", "drain", "rpo", "rto", "decide-after",
		"targets-by", "operator", "observer", "decision-maker", "title", "scenario", "reference",
		"sign", "allowed-signers", "signer",
		"listen", "tls", "distances", "current", "users", "faults", "state", "fis-tail", "fis-drain", "fis-shows",
	} {
		all[name] = row{}
	}
	for _, some := range []map[string]row{
		refused(consents, "yes", "confirm", "buckets", "merge", "convert-v1", "outrank", "keep-canaries", "copies", "markers", "winner", "unfinished", "any-rules", "anyway", "canary", "undo", "expose"),
		refused(aPairs, "a", "b", "endpoint-a", "endpoint-b", "kms-a", "kms-b", "role-a-to-b", "role-b-to-a", "report-bucket-a", "report-bucket-b", "list-bucket-a", "list-bucket-b", "lost", "direction", "alarm"),
		refused(aRuns, "by-hand", "resume", "from", "sql", "out", "to", "estimate", "truth", "truth-of-generated", "events", "generate", "seed", "debug", "config", "help", "version"),
		refused(worlds, "sandbox"), refused(costs, "athena"), refused(outputs, "json", "plain"), refused(leaves, "keep"), refused(hides, "since"), refused(atTop, "theme"),
	} {
		for name, r := range some {
			all[name] = r
		}
	}
	return all
}

// yields says which flags make a default of another one give way where they are
// typed: both together would be a contradiction, or the file would win over what
// was typed.
func yields() map[string][]string {
	return map[string][]string{
		"profile": {"sandbox"}, "profile-a": {"sandbox", "profile"}, "profile-b": {"sandbox", "profile"},
		"rounds": {"for", "preset"}, "for": {"rounds", "preset"}, "every": {"preset"}, "pace": {"preset"}, "preset": {"for"},
		"inventory": {"sql", "estimate", "since", "resume", "deep"}, "deep": {"sql", "estimate", "resume", "inventory"}, "settings": {"sql", "estimate"},
	}
}

// needs says which flags a default of another one waits for: without them it means
// nothing.
func needs() map[string]string {
	return map[string]string{"athena-output": "athena", "athena-database": "athena", "athena-tables": "athena", "athena-side": "athena"}
}

// overruling are the variables that come before a default of a flag.
func overruling(flag string) []string {
	if flag == "profile" || flag == "profile-a" || flag == "profile-b" {
		return []string{"AWS_PROFILE", "AWS_DEFAULT_PROFILE", "AWS_ACCESS_KEY_ID"}
	}
	return nil
}
