package command

import "bothways/ui/command/usage"

// Having names the commands that have a flag.
func Having(flag string) []string { return usage.Having((&app{}).root(), flag) }
