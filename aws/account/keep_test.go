package account_test

import (
	"crypto/sha1"
	"crypto/sha256"
	"encoding/hex"
	"os"
	"path/filepath"
	"testing"
)

// keepSignIn puts a sign-in's token where the AWS CLI keeps it.
func keepSignIn(t *testing.T, home, key, text string) {
	t.Helper()
	sum := sha1.Sum([]byte(key))
	keep(t, filepath.Join(home, ".aws", "sso", "cache", hex.EncodeToString(sum[:])+".json"), text)
}

// keepLogin puts a session of aws login where the AWS CLI keeps it.
func keepLogin(t *testing.T, home, key, text string) {
	t.Helper()
	sum := sha256.Sum256([]byte(key))
	keep(t, filepath.Join(home, ".aws", "login", "cache", hex.EncodeToString(sum[:])+".json"), text)
}

func keep(t *testing.T, path, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}
