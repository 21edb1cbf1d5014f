package help

import (
	"cmp"

	"github.com/spf13/pflag"
)

// Group is what flags are about.
type Group string

// The groups, in the order in which they are listed.
const (
	Pair        Group = "The pair"
	Own         Group = "Flags"
	Replication Group = "What is replicated, and what may be touched for it"
	Evidence    Group = "For the report"
	Sandbox     Group = "Sandbox"
	Output      Group = "Output"
)

func groups() []Group { return []Group{Pair, Own, Replication, Evidence, Sandbox, Output} }

// row says of a flag's name, which means the same with every command, what it is
// about and what stands for its value. Flags without a row are a command's own and
// take what their type says.
type row struct {
	group Group
	value string
}

func rows() map[string]row {
	return map[string]row{
		"a": {Pair, "REGION/BUCKET"}, "b": {Pair, "REGION/BUCKET"},
		"profile": {Pair, "NAME"}, "profile-a": {Pair, "NAME"}, "profile-b": {Pair, "NAME"},
		"endpoint-a": {Pair, "URL"}, "endpoint-b": {Pair, "URL"},
		"prefix": {Pair, "PREFIX"},

		"filter-tag": {Replication, "KEY=VALUE"}, "no-delete-markers": {Replication, ""}, "no-replica-edits": {Replication, ""},
		"rtc": {Replication, ""}, "keep-replica-owner": {Replication, ""}, "merge": {Replication, ""}, "convert-v1": {Replication, ""},
		"outrank": {Replication, ""}, "keep-canaries": {Replication, ""}, "settle": {Replication, ""},
		"storage-class": {Replication, "CLASS"}, "kms-a": {Replication, "ARN"}, "kms-b": {Replication, "ARN"},
		"role-a-to-b": {Replication, "ARN"}, "role-b-to-a": {Replication, "ARN"}, "role-boundary": {Replication, "ARN"},
		"role-path": {Replication, "PATH"}, "role-prefix": {Replication, "NAME"}, "tag": {Replication, "KEY=VALUE"},

		"targets-by": {Evidence, "NAME"}, "operator": {Evidence, "NAME"}, "observer": {Evidence, "NAME"}, "decision-maker": {Evidence, "NAME"},
		"title": {Evidence, "TEXT"}, "scenario": {Evidence, "TEXT"}, "reference": {Evidence, "TEXT"},

		"sandbox": {Sandbox, ""}, "time-scale": {Sandbox, "TIMES"}, "delays": {Sandbox, "LAW"},

		"json": {Output, ""}, "plain": {Output, ""}, "format": {Output, "FORMAT"}, "out": {Output, "FOLDER"}, "to": {Output, "FOLDER"},
		"progress": {Output, ""}, "metrics-file": {Output, "FILE"}, "debug": {Output, "FILE"}, "help": {Output, ""}, "version": {Output, ""},
		"ascii": {Output, ""}, "no-animation": {Output, ""}, "theme": {Output, "SCHEME"}, "config": {Output, "FILE"},

		"metrics": {Own, "ADDRESS"}, "sizes": {Own, "SIZES"}, "target": {Own, "TIME"}, "preset": {Own, "NAME"}, "pace": {Own, "NAME"},
		"since": {Own, "TIME"}, "resume": {Own, "RUN"}, "from": {Own, "RUN"}, "sql": {Own, "FILE"}, "winner": {Own, "RULE"},
		"report-bucket-a": {Own, "BUCKET"}, "report-bucket-b": {Own, "BUCKET"}, "list-bucket-a": {Own, "BUCKET"}, "list-bucket-b": {Own, "BUCKET"},
		"athena": {Own, "WORKGROUP"}, "athena-output": {Own, "S3-URI"}, "athena-database": {Own, "NAME"}, "athena-tables": {Own, "TABLE,TABLE"}, "athena-side": {Own, "SIDE"},
		"kind": {Own, "KIND"}, "lost": {Own, "SIDE"}, "outage": {Own, "KIND"}, "confirm": {Own, "PAIR"}, "direction": {Own, "DIRECTION"}, "alarm": {Own, "NAME"},
		"sign": {Own, "KEYFILE"}, "allowed-signers": {Own, "FILE"}, "signer": {Own, "NAME"},
		"listen": {Own, "ADDRESS"}, "users": {Own, "FILE"}, "faults": {Own, "FILE"}, "state": {Own, "FOLDER"}, "truth": {Own, "FILE"},
		"generate": {Own, "FILE"}, "truth-of-generated": {Own, "FILE"}, "events": {Own, "FILE"},
	}
}

// ValueName is what stands for a flag's value where it is listed, "" of a switch.
func ValueName(f *pflag.Flag) string {
	name, _ := pflag.UnquoteUsage(shown(f))
	return name
}

func groupOf(f *pflag.Flag) Group {
	if f.Name == "metrics" && f.Value.Type() == "bool" { // CloudWatch's, not those that probe and audit serve
		return Replication
	}
	if r, is := rows()[f.Name]; is {
		return r.group
	}
	return Own
}

// shown is a flag as it is listed: with what stands for its value in place of the
// type, and without a default that says nothing.
func shown(f *pflag.Flag) *pflag.Flag {
	named := *f
	if f.Value.Type() == "bool" {
		return &named
	}
	value := rows()[f.Name].value
	switch f.Value.Type() {
	case "duration":
		value = cmp.Or(value, "DURATION")
	case "int", "uint64":
		value = cmp.Or(value, "N")
	}
	named.Value = typed{f.Value, cmp.Or(value, f.Value.Type())}
	if named.DefValue == "0s" || named.DefValue == "[]" {
		named.DefValue = ""
	}
	return &named
}

// typed is a value under another name of its type.
type typed struct {
	pflag.Value
	name string
}

// Type implements [pflag.Value].
func (t typed) Type() string { return t.name }
