package export

import (
	"fmt"
	"strings"

	"bothways/aws/replication"
)

// script writes the AWS CLI lines of what is missing, in the order of the
// plan, as a shell script that stops at the first thing that does not pass.
func script(plan replication.Plan) string {
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
	done := true
	for _, step := range plan.Steps {
		if step.Change == replication.Nothing || step.Change == replication.Prove || step.CLI == "" {
			continue
		}
		done = false
		name := "step_" + strings.ReplaceAll(step.ID, "-", "_")
		line("")
		line("# " + oneLine(fmt.Sprintf("%s: %s", step.ID, step.What)))
		line("# " + oneLine(step.Why))
		line(name + "() {")
		line("  " + step.CLI)
		line("}")
		if len(step.Needs) > 0 {
			line("again " + name)
		} else {
			line(name)
		}
	}
	if done {
		line("")
		line("# Nothing is missing: the pair stands as it is wanted.")
	}
	line("")
	line("# That S3 accepted it proves little. This proves each direction, with an object that")
	line("# is removed again: " + oneLine("bothways apply --a "+plan.Pair.A.String()+" --b "+plan.Pair.B.String()+" --yes"))
	return out.String()
}
