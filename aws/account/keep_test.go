package account_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/x509"
	"encoding/hex"
	"encoding/pem"
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

// signingKey is a key as a session of aws login has one.
func signingKey(t *testing.T) string {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	der, err := x509.MarshalECPrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	return string(pem.EncodeToMemory(&pem.Block{Type: "EC PRIVATE KEY", Bytes: der}))
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
