package sandbox_test

import (
	"encoding/json"
	"errors"
	"testing"

	"bothways/aws/sandbox"
	"bothways/aws/sandbox/distance"
)

func FuzzParseScript(f *testing.F) {
	f.Add(`{"settling":{"name_free":"1m"},"faults":[{"fault":"delay","delay":"2s","operation":"HeadObject","share":0.3}]}`)
	f.Add(`{"faults":[{"fault":"outage","region":"eu-west-1","at":"1s","for":"9m"},{"fault":"slow","factor":2.5,"from":"us-east-1"}]}`)
	f.Add(`{"faults":[{"fault":"error","status":503,"requests":3}]} x`)
	f.Fuzz(func(t *testing.T, text string) {
		script, err := sandbox.ParseScript([]byte(text))
		if err != nil {
			return
		}
		// What was accepted can be written, read again and injected.
		for i, fault := range script.Faults {
			doc, err := json.Marshal(map[string]any{"faults": []sandbox.Fault{fault}})
			if err != nil {
				t.Fatal(err)
			}
			again, err := sandbox.ParseScript(doc)
			if err != nil || len(again.Faults) != 1 || again.Faults[0].Check(distance.Known) != nil {
				t.Errorf("fault %d of %s becomes %s: %v", i, text, doc, err)
			}
		}
	})
}

func FuzzParseAccounts(f *testing.F) {
	f.Add(people)
	f.Add(`{"accounts":[{"id":"111122223333","kms_keys":[{"arn":"arn:aws:kms:eu-west-1:111122223333:key/k","state":"Disabled","policy":{}}]}]}`)
	f.Add(`{"accounts":[{"id":"000000000000","users":[{"name":"a","access_key_id":"k","secret_access_key":"s","policies":[1]}]}]}`)
	f.Fuzz(func(t *testing.T, text string) {
		accounts, err := sandbox.ParseAccounts([]byte(text))
		if err != nil {
			return
		}
		// They may be refused, but nothing breaks and nothing is left behind.
		box, err := sandbox.New(sandbox.Options{Dir: t.TempDir(), Accounts: accounts})
		var refused *sandbox.InputError
		switch {
		case errors.As(err, &refused):
		case err != nil:
			t.Error(err)
		default:
			if err := box.Close(); err != nil {
				t.Error(err)
			}
		}
	})
}
