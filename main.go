// Command bothways makes two S3 buckets in two regions replicate to each
// other, proves that it works, measures how long it takes in each direction,
// and undoes everything it did.
package main

import (
	"context"
	"os"

	"bothways/ui/command"
)

// version is set by the release build.
var version = ""

func main() {
	os.Exit(command.Main(context.Background(), command.Process{
		Version: version,
		Args:    os.Args[1:],
		Stdin:   os.Stdin,
		Stdout:  os.Stdout,
		Stderr:  os.Stderr,
		Environ: os.Environ(),
	}))
}
