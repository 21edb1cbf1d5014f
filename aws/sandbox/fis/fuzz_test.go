package fis_test

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"bothways/aws/sandbox/fis"
	"bothways/aws/sandbox/iam"
	"bothways/aws/sandbox/refusal"
	"bothways/aws/sandbox/replicate"
	"bothways/aws/sandbox/sigv4"
	"bothways/aws/sandbox/store"
)

// Whatever a client sends, it is the client's mistake.
func FuzzServe(f *testing.F) {
	for _, seed := range [][3]string{
		{"POST", "/experimentTemplates", `{"clientToken":"t","description":"d","roleArn":"arn:aws:iam::000000000000:role/r","stopConditions":[{"source":"none"}],"targets":{"B":{"resourceType":"aws:s3:bucket","resourceTags":{"a":"b"},"selectionMode":"PERCENT(7)"}},"actions":{"a":{"actionId":"aws:s3:bucket-pause-replication","targets":{"Buckets":"B"},"parameters":{"duration":"PT1H","region":"us-east-1","prefixes":",,a"}}}}`},
		{"POST", "/experimentTemplates", `{"clientToken":"t","description":"d","roleArn":"arn:aws:iam::000000000000:role/r","stopConditions":[{"source":"none"}],"actions":{"a":null}}`},
		{"POST", "/experimentTemplates", `{"actions":[],"tags":{"a":1}}`},
		{"POST", "/experiments", `{"clientToken":"x","experimentTemplateId":7}`},
		{"POST", "/experiments", "\x00"},
		{"PATCH", "/safetyLevers/default/state", `{"state":{"status":"engaged"}} x`},
		{"GET", "/experiments?maxResults=0&nextToken=from-99999999999999999999", ""},
		{"GET", "/experiments?nextToken=from-99999999999", ""},
		{"POST", "/tags/arn:aws:fis:eu-west-1:000000000000:experiment/EXP", `{"tags":{"":""}}`},
		{"DELETE", "/experiments/%20", "[[[[[["},
		{"DELETE", "/experiments//x/", ""},
	} {
		f.Add(seed[0], seed[1], seed[2])
	}
	bodies, err := store.OpenBodyStore(f.TempDir())
	if err != nil {
		f.Fatal(err)
	}
	f.Cleanup(func() { _ = bodies.Close() })
	accounts := iam.NewAccounts(0)
	if err := accounts.Open("000000000000").PutUser(iam.NewUser{
		Name: "operator", AccessKeyID: "AKIAOPERATOR", Key: sigv4.Key{SecretAccessKey: "secret"}, Administrator: true,
	}); err != nil {
		f.Fatal(err)
	}
	_, operator, _ := accounts.Lookup("AKIAOPERATOR")
	api := fis.New(fis.Config{
		Store: store.New(bodies, 1), Accounts: accounts, Scale: float64(time.Hour),
		Assume: func(string, map[string]string) (replicate.May, error) { return nil, errors.New("never") },
	})
	f.Cleanup(api.Close)
	f.Fuzz(func(t *testing.T, method, target, body string) {
		where, err := url.Parse(target)
		if err != nil {
			t.Skip()
		}
		r := httptest.NewRequest(http.MethodPost, "/", strings.NewReader(body))
		r.Method, r.URL = method, where
		w := httptest.NewRecorder()
		err = api.Serve(w, r, operator, "eu-west-1")
		var said *refusal.Error
		switch {
		case err == nil && w.Code != http.StatusOK:
			t.Errorf("%s %s %q is answered with %d", method, target, body, w.Code)
		case err != nil && (!errors.As(err, &said) || said.Status >= http.StatusInternalServerError && said.Status != http.StatusNotImplemented):
			t.Errorf("%s %s %q is answered with %v", method, target, body, err)
		}
	})
}
