package config

import (
	"path/filepath"
	"runtime"
)

// Place is where the file is looked for, "" where that is not known: in
// $XDG_CONFIG_HOME, else in %AppData% on Windows and in ~/.config elsewhere, on
// macOS as well. A relative $XDG_CONFIG_HOME counts for nothing, as its
// specification says.
func Place(getenv func(string) string) string {
	folder := getenv("XDG_CONFIG_HOME")
	if !filepath.IsAbs(folder) {
		folder = ""
	}
	if folder == "" && runtime.GOOS == "windows" {
		folder = getenv("AppData")
	}
	if home := getenv("HOME"); folder == "" && home != "" {
		folder = filepath.Join(home, ".config")
	}
	if folder == "" {
		return ""
	}
	return filepath.Join(folder, "bothways", "config.yaml")
}
