package usage

import "bothways/aws/localfile"

// mostGiven bounds a file of settings that a flag names, in bytes: thousands of
// users or faults fit in.
const mostGiven = 4 << 20

// ReadGiven reads a file of settings that a flag names.
func ReadGiven(path string) ([]byte, error) { return localfile.Read(path, mostGiven) }
