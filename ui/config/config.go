// Package config reads the file in which somebody keeps what they would else say
// each time. It knows the file's form and where every value stands in it; what a
// value may be is known to whoever takes it.
package config

import (
	"errors"
	"fmt"
	"io/fs"

	"bothways/aws/localfile"
)

// most bounds the file, in bytes: hundreds of settings fit in.
const most = 64 << 10

// All is the block of defaults for every command that has the flag.
const All = "all"

// File is what a file says.
type File struct {
	Path     string
	Theme    *Setting // nil: none is said
	Defaults []Block
}

// Block are the defaults of one command's flags.
type Block struct {
	Command  string // as it is typed behind the program's name, or All
	Line     int
	Settings []Setting
}

// Setting is one value, or a list of some.
type Setting struct {
	Name   string
	Values []string // at least one; none is empty
	Line   int      // from 1
}

// Problem is an error of a file at a line.
func Problem(path string, line int, format string, values ...any) error {
	return fmt.Errorf("%s:%d: %w", path, line, fmt.Errorf(format, values...))
}

// ErrNone says that there is no such file.
var ErrNone = errors.New("there is no such file")

// Read reads a file. What is wrong with its content is one error a line; where
// there is no file it is ErrNone.
func Read(path string) (File, error) {
	text, err := localfile.Read(path, most)
	if errors.Is(err, fs.ErrNotExist) {
		return File{Path: path}, fmt.Errorf("%s: %w", path, ErrNone)
	}
	if pathErr, is := errors.AsType[*fs.PathError](err); is { // which names it again
		err = pathErr.Err
	}
	if err != nil {
		return File{Path: path}, fmt.Errorf("%s can't be read: %w", path, err)
	}
	return Parse(path, text)
}
