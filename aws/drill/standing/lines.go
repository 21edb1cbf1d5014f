package standing

import (
	"bothways/aws/pair"
)

// The lines undo a drill with the AWS CLI and a POSIX shell alone. They go by the
// drill's ID, since nothing that they undo has an ID yet when they are saved.

// Lines are all of a place, in the order in which they are to be run.
func (p Place) Lines(drill string) []string {
	return []string{p.StopLine(drill), p.UntagLine(), p.TemplateLine(drill), p.RoleLine()}
}

// each runs a command of FIS for each ID that another one finds.
func (p Place) each(list, query, command string) string {
	return "for id in $(" + p.ids(list, query) + "); do " + p.Clients.CLI("fis", command, "--id") + ` "$id"; done`
}

func (p Place) ids(list, query string) string {
	return p.Clients.CLI("fis", list, "--query", query, "--output", "text")
}

// TemplatesLine asks for the IDs of a drill's templates, of which there is one in
// a direction.
func (p Place) TemplatesLine(drill string) string {
	return p.ids("list-experiment-templates", of("experimentTemplates", drill, ""))
}

// StopLine ends a drill's experiments that go on.
func (p Place) StopLine(drill string) string {
	return p.each("list-experiments", of("experiments", drill, ` && contains(`+"`"+`["pending","initiating","running"]`+"`"+`, state.status)`), "stop-experiment")
}

// UntagLine takes the drill's tag off the bucket.
func (p Place) UntagLine() string {
	return p.Clients.CLI("s3control", "untag-resource", "--account-id", p.Account, "--resource-arn", p.bucket().BucketARN(), "--tag-keys", pair.DrillTagKey)
}

// TemplateLine deletes a drill's templates.
func (p Place) TemplateLine(drill string) string {
	return p.each("list-experiment-templates", of("experimentTemplates", drill, ""), "delete-experiment-template")
}

// RoleLine deletes the experiment's role.
func (p Place) RoleLine() string {
	return p.Clients.CLI("iam", "delete-role-policy", "--role-name", p.Role, "--policy-name", p.Pair.DrillPolicyName()) + " && " +
		p.Clients.CLI("iam", "delete-role", "--role-name", p.Role)
}

// of asks a list for the IDs of what a drill made.
func of(list, drill, more string) string {
	return list + `[?tags."` + pair.DrillTagKey + `"==` + "`\"" + drill + "\"`" + more + `].id`
}
