package command

// Having names the commands that have a flag.
func Having(flag string) []string { return having((&app{}).root(), flag) }
