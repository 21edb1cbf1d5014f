package rooms

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"bothways/aws/account"
	"bothways/aws/journal"
	"bothways/aws/pair"
	"bothways/aws/replication/plan"
	"bothways/aws/replication/step"
	"bothways/aws/sandbox"
	"bothways/ui/console"
)

func TestSideBTakesTheProfileOfAnotherAccount(t *testing.T) {
	user := func(key string) sandbox.User {
		return sandbox.User{Name: "owner", AccessKeyID: key, SecretAccessKey: "secret", Administrator: true}
	}
	box, err := sandbox.New(sandbox.Options{Seed: 1, NoDistance: true, Dir: t.TempDir(), Accounts: []sandbox.Account{
		{ID: "111122223333", Users: []sandbox.User{user("AKIAONE")}},
		{ID: "444455556666", Users: []sandbox.User{user("AKIATWO")}, Buckets: []sandbox.AccountBucket{{Name: "of-two", Region: "ap-southeast-1"}}},
	}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = box.Close() })
	endpoint, err := box.Listen(t.Context(), "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "config")
	text := ""
	for name, key := range map[string]string{"one": "AKIAONE", "two": "AKIATWO"} {
		text += "[profile " + name + "]\nregion = eu-west-1\naws_access_key_id = " + key + "\naws_secret_access_key = secret\n"
	}
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	t.Setenv("AWS_CONFIG_FILE", path)
	t.Setenv("AWS_ENDPOINT_URL", endpoint)
	t.Setenv("AWS_ACCESS_KEY_ID", "")
	x := open(t, console.Config{Version: "test", Profiles: func() ([]account.Profile, error) { return account.Profiles(os.Getenv) }}, 200, 60)
	x.Wait("profile one", "profile two")
	x.Press(enter)
	for _, sees := range []string{"Region for side A", "Bucket in eu-west-1", "Region for side B", "Bucket in ap-southeast-1"} {
		x.Wait(sees)
		if sees != "Bucket in ap-southeast-1" {
			x.Press(enter)
		}
	}
	x.Press("p")
	x.Wait("Whose credentials reach side B?", "as side A")
	x.Press(down)
	x.Press(enter)
	x.Wait("B profile two, account 444455556666", "of-two")
	x.Press("p")
	x.Wait("as side A")
	x.Press(enter) // and back to one account
	x.Until(func(screen string) bool {
		return !strings.Contains(screen, "of-two") && !strings.Contains(screen, "444455556666") && strings.Contains(screen, "Bucket in ap-southeast-1")
	}, "one account again")
	x.Press("q")
}

func TestAPairThatAnotherInstanceChangesIsLeftAlone(t *testing.T) {
	cfg := sandboxed(t, 100)
	started := cfg.OpenSandbox
	access, err := started(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	access.Sandbox = false // one that others reach, too
	p := demoPair()
	cfg.OpenSandbox, cfg.Access, cfg.Pair = nil, &access, &p
	home := filepath.Dir(filepath.Join(cfg.SaveDir, "runs"))
	died, err := journal.Create(filepath.Join(home, "runs"), journal.Opening{RunID: "20261122-100000-aaaa", Command: "apply", Access: "profile dev"})
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range []pair.Event{plan.Planned{Pair: p, Purpose: pair.SetUp}, step.Event{ID: "rule-a-to-b", Status: step.Running}} {
		if err := died.Record(e); err != nil {
			t.Fatal(err)
		}
	}
	if err := died.Close(); err != nil {
		t.Fatal(err)
	}
	x := open(t, cfg, 120, 40)
	x.Wait("What replicates")
	x.Press(enter)
	x.Wait("Apply these 10 changes", "an earlier apply (run 20261122-100000-aaaa", "ended without an outcome")
	other, err := journal.Acquire(filepath.Join(home, "locks"), p.ID()+"-000000000000", "apply")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = other.Release() }()
	x.Press("y")
	x.Wait("process "+strconv.Itoa(os.Getpid())+", apply", "r retry")
	x.Press("q")
	x.End()
	if x.Err != nil {
		t.Errorf("the console ends with %v", x.Err)
	}
}
