// Command sbom writes the bill of materials of a Go binary as CycloneDX 1.5
// JSON: the modules that the Go tool recorded in it, with their checksums.
//
//	go run ./.ci/sbom BINARY DOCUMENT
package main

import (
	"debug/buildinfo"
	"encoding/json"
	"fmt"
	"os"
	"runtime/debug"
)

type document struct {
	Format     string      `json:"bomFormat"`
	Spec       string      `json:"specVersion"`
	Version    int         `json:"version"`
	Metadata   metadata    `json:"metadata"`
	Components []component `json:"components"`
}

type metadata struct {
	Component component `json:"component"`
}

type component struct {
	Type       string     `json:"type"`
	Name       string     `json:"name"`
	Version    string     `json:"version,omitempty"`
	PackageURL string     `json:"purl,omitempty"`
	Properties []property `json:"properties,omitempty"`
}

type property struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

func main() {
	if len(os.Args) != 3 {
		fmt.Fprintln(os.Stderr, "usage: sbom BINARY DOCUMENT")
		os.Exit(2)
	}
	if err := write(os.Args[1], os.Args[2]); err != nil {
		fmt.Fprintln(os.Stderr, "sbom:", err)
		os.Exit(1)
	}
}

func write(binary, path string) error {
	info, err := buildinfo.ReadFile(binary)
	if err != nil {
		return err
	}
	bill := document{Format: "CycloneDX", Spec: "1.5", Version: 1, Metadata: metadata{component{Type: "application", Name: info.Main.Path}}}
	bill.Components = append(bill.Components, component{Type: "library", Name: "std", Version: info.GoVersion, PackageURL: "pkg:golang/std@" + info.GoVersion[2:]})
	for _, module := range info.Deps {
		bill.Components = append(bill.Components, entry(module))
	}
	text, err := json.MarshalIndent(bill, "", "  ")
	if err != nil {
		return err
	}
	return os.WriteFile(path, append(text, '\n'), 0o644)
}

func entry(module *debug.Module) component {
	if module.Replace != nil {
		module = module.Replace
	}
	return component{
		Type: "library", Name: module.Path, Version: module.Version,
		PackageURL: "pkg:golang/" + module.Path + "@" + module.Version,
		// The Go checksum database's hash of the module's files, not of an archive.
		Properties: []property{{"go:module:h1", module.Sum}},
	}
}
