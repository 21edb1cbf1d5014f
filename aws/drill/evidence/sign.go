package evidence

import (
	"bytes"
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"bothways/aws/localfile"
)

// namespace keeps a signature of ours from passing for one of something else.
const namespace = "bothways-drill"

// keygen is OpenSSH's own program: keys stay with it and with its agent.
const keygen = "ssh-keygen"

// sign signs the sums with a key by its file.
func sign(ctx context.Context, folder, key string) error {
	if err := localfile.Check(key); err != nil {
		return fmt.Errorf("the key %s: %w", key, err)
	}
	if _, err := exec.LookPath(keygen); err != nil {
		return fmt.Errorf("the folder can't be signed: %s is not on this computer", keygen)
	}
	if err := ssh(ctx, folder, nil, "-Y", "sign", "-f", absolute(key), "-n", namespace, sumsFile); err != nil {
		return fmt.Errorf("sign with %s: %w", key, err)
	}
	return nil
}

func absolute(path string) string {
	if full, err := filepath.Abs(path); err == nil {
		return full
	}
	return path
}

func ssh(ctx context.Context, folder string, input []byte, arguments ...string) error {
	command := exec.CommandContext(ctx, keygen, arguments...) //nolint:gosec // a program of one name, and no shell
	command.Dir, command.Stdin = folder, bytes.NewReader(input)
	if out, err := command.CombinedOutput(); err != nil {
		if text := strings.TrimSpace(string(out)); text != "" {
			return errors.New(text)
		}
		return err
	}
	return nil
}

// Signed is what is known of a signature.
type Signed struct {
	There bool
	// Checked in words: against whom, or why not.
	Checked string
	Problem string
}

// signature checks the signature of a folder, against who may sign where that is
// given, else only whether it is one of what is there now.
func signature(ctx context.Context, folder string, allowed, signer string, sums []byte) Signed {
	armour, err := localfile.Read(filepath.Join(folder, signatureFile), 64<<10)
	switch {
	case errors.Is(err, os.ErrNotExist):
		s := Signed{Checked: "it is not signed: whoever can write to the folder could have made all of it"}
		if allowed != "" {
			s.Problem = "it is not signed, and a signer was asked for"
		}
		return s
	case err != nil:
		return Signed{There: true, Problem: fmt.Sprintf("%s: %v", signatureFile, err)}
	}
	if !canonical(armour) {
		return Signed{There: true, Problem: signatureFile + ": it is not written as ssh-keygen writes it"}
	}
	if _, err := exec.LookPath(keygen); err != nil {
		s := Signed{There: true, Checked: "its signature was not checked: " + keygen + " is not on this computer"}
		if allowed != "" {
			s.Problem = s.Checked
		}
		return s
	}
	if err := ssh(ctx, folder, sums, "-Y", "check-novalidate", "-n", namespace, "-s", signatureFile); err != nil {
		return Signed{There: true, Problem: "the signature is not of what is here: " + err.Error()}
	}
	if allowed == "" {
		return Signed{There: true, Checked: "its signature is of what is here; by whom was not asked: give --allowed-signers and --signer"}
	}
	if err := ssh(ctx, folder, sums, "-Y", "verify", "-f", absolute(allowed), "-I", signer, "-n", namespace, "-s", signatureFile); err != nil {
		return Signed{There: true, Problem: fmt.Sprintf("the signature is not one of %s: %v", signer, err)}
	}
	return Signed{There: true, Checked: "signed by " + signer}
}

// canonical says whether a signature's armour is the one way to write its content:
// base64 of 70 columns between its two lines.
func canonical(armour []byte) bool {
	const first, last, columns = "-----BEGIN SSH SIGNATURE-----\n", "-----END SSH SIGNATURE-----\n", 70
	body, found := strings.CutPrefix(string(armour), first)
	if !found {
		return false
	}
	if body, found = strings.CutSuffix(body, last); !found {
		return false
	}
	content, err := base64.StdEncoding.Strict().DecodeString(strings.ReplaceAll(body, "\n", ""))
	if err != nil {
		return false
	}
	var again strings.Builder
	for text := base64.StdEncoding.EncodeToString(content); len(text) > 0; {
		n := min(columns, len(text))
		again.WriteString(text[:n] + "\n")
		text = text[n:]
	}
	return again.String() == body
}
