package export

import (
	"encoding/json"
	"fmt"
	"strings"

	"bothways/aws/account"
	"bothways/aws/replication/plan"
	"bothways/aws/replication/step"
)

// script writes the AWS CLI lines of what is missing, in the order of the
// plan, as a shell script that stops at the first thing that does not pass.
func script(plan plan.Plan) string {
	var out strings.Builder
	line := func(text string) { out.WriteString(text + "\n") }
	line("#!/bin/sh")
	for _, text := range head(plan.Wanted,
		"Only what is missing is in it. It needs an AWS CLI of 2025 or later, which knows the tags",
		"of new buckets.") {
		line("# " + text)
	}
	line("set -eu")
	line("")
	line("# New buckets, versioning and roles are not seen everywhere at once, so what needs")
	line("# them is tried again for up to three minutes.")
	line("again() {")
	line("  tries=0")
	line(`  until "$@"; do`)
	line("    tries=$((tries + 1))")
	line(`    if [ "$tries" -ge 36 ]; then echo "gave up: $1" >&2; exit 1; fi`)
	line("    sleep 5")
	line("  done")
	line("}")
	line("")
	line("# Some calls replace a whole document. What others changed since the export would be")
	line("# lost, so such a call is made only while there is still what was there then.")
	line("same() {")
	line(`  if [ "$1" != "$2" ]; then`)
	line(`    printf '%s\n' "$3 has changed since the export: export again" "then: $1" "now:  $2" >&2`)
	line("    exit 1")
	line("  fi")
	line("}")
	done := true
	for _, st := range plan.Steps {
		if st.Change == step.Nothing || st.Change == step.Prove || st.CLI == "" {
			continue
		}
		done = false
		line("")
		line("# " + oneLine(fmt.Sprintf("%s: %s", st.ID, st.What)))
		line("# " + oneLine(st.Why))
		if text := guard(st); text != "" {
			line(text)
		}
		for i, call := range calls(st.CLI) {
			name := fmt.Sprintf("step_%s_%d", strings.ReplaceAll(st.ID, "-", "_"), i+1)
			line(name + "() {")
			line("  " + call)
			line("}")
			if i > 0 || len(st.Needs) > 0 {
				line("again " + name)
			} else {
				line(name)
			}
		}
	}
	if done {
		line("")
		line("# Nothing is missing: the pair stands as it is wanted.")
	}
	line("")
	prefix := ""
	if plan.Pair.Options.Prefix != "" {
		prefix = " --prefix " + account.Quote(plan.Pair.Options.Prefix)
	}
	line("# That S3 accepted it proves little. This proves each direction, with an object that")
	line("# is removed again, and changes nothing:")
	line("# " + oneLine("bothways doctor --a "+plan.Pair.A.String()+" --b "+plan.Pair.B.String()+prefix+" --canary --yes"))
	return out.String()
}

// calls takes apart the line that makes a role and writes its policy: the
// second may have to be tried again, the first must not be.
func calls(cli string) []string {
	const second = " && aws iam put-role-policy "
	if i := strings.Index(cli, second); i >= 0 {
		return []string{cli[:i], strings.TrimPrefix(cli[i:], " && ")}
	}
	return []string{cli}
}

// guard is the line that stops the script where a call would replace what
// others have written meanwhile, or "" where the call replaces nothing.
func guard(st step.Step) string {
	switch st.Kind {
	case step.KindRule:
		read, _, _ := strings.Cut(st.CLI, " --replication-configuration ")
		var base struct{ Rules []struct{ ID string } }
		if st.Base != "" && json.Unmarshal([]byte(st.Base), &base) != nil {
			return ""
		}
		ids := make([]string, 0, len(base.Rules))
		for _, rule := range base.Rules {
			ids = append(ids, rule.ID)
		}
		return compared(read, "replication", "ReplicationConfiguration.Rules[].ID", strings.Join(ids, "\t"), "The replication configuration")
	case step.KindPolicy:
		read, _, _ := strings.Cut(st.CLI, " --policy ")
		return compared(read, "policy", "Policy", st.Base, "The bucket policy")
	case step.KindBucket, step.KindVersioning, step.KindSettle, step.KindRole, step.KindRolePolicy, step.KindCanary, step.KindObjects:
		// They replace nothing of others.
	}
	return ""
}

// compared reads a document as the call that writes it would, and holds it to
// what was there.
func compared(call, document, query, then, what string) string {
	read := strings.Replace(call, "put-bucket-"+document, "get-bucket-"+document, 1) + " --query " + account.Quote(query) + " --output text"
	return "same " + account.Quote(then) + ` "$(` + read + ` 2>/dev/null || true)" ` + account.Quote(what)
}
