package sandboxed

import (
	"encoding/json"
	"errors"
	"os"

	"bothways/aws/sandbox"
	"bothways/ui/command/usage"
)

// generateHelp says what the file of --generate can have.
func generateHelp() string {
	return "What can be generated, in the file of --generate: buckets in regions, the same keys in all of them, and differences. " +
		"Keys with a prefix, of which none begins with another's, take count, names (numbers or hashes), suffix, depth and per_folder (folders), " +
		"versions (least and most of a key), markers and nulls (shares of versions and of keys), sizes (bytes, drawn from), class, " +
		"and the ages oldest and youngest, counted back from at, an instant, or else from the start. " +
		"A difference takes kind, count and prefix, and hits that many keys at random, by the seed. " +
		"What is written to such buckets is kept over what is generated, until the sandbox ends. The kinds:\n\n" +
		sandbox.GeneratedHelp()
}

// openGenerated opens a file for what a sandbox has planted. It holds that of one
// sandbox: lines of an earlier one are replaced.
func openGenerated(path string) (*os.File, error) {
	file, err := openLines(path, isPlanted)
	if err != nil {
		return nil, err
	}
	if err := file.Truncate(0); err != nil {
		return nil, errors.Join(err, file.Close())
	}
	return file, nil
}

// isPlanted says whether a line is one about a difference that was planted.
func isPlanted(line []byte) bool {
	var first struct {
		Kind  *string `json:"kind"`
		Odd   *string `json:"odd"`
		Sides []any   `json:"sides"`
	}
	return json.Unmarshal(line, &first) == nil && first.Kind != nil && first.Odd != nil && len(first.Sides) > 1
}

// readGenerate reads the file of --generate, if there is one.
func readGenerate(given flags) (*sandbox.Generated, error) {
	switch {
	case given.generate == "" && given.generated != "":
		return nil, usage.Wrong("--truth-of-generated %s: it is about what --generate plants; give that too", given.generated)
	case given.generate == "":
		return nil, nil //nolint:nilnil // nothing is to be generated
	case given.state != "":
		return nil, usage.Wrong("--generate %s: generated buckets are not kept, and --state %s keeps all; leave one of them out", given.generate, given.state)
	}
	text, err := usage.ReadGiven(given.generate)
	if err != nil {
		return nil, usage.Wrong("--generate %s: %w", given.generate, err)
	}
	made, err := sandbox.ParseGenerated(text)
	if err != nil {
		return nil, usage.Wrong("--generate %s: %w", given.generate, err)
	}
	return made, nil
}
