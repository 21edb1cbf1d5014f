package iam_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"bothways/aws/sandbox/wire"
)

func TestTheQueryProtocolAlsoAnswersAGet(t *testing.T) {
	f := world()
	_, admin, _ := f.directory.Lookup(adminKey)
	recorder := httptest.NewRecorder()
	err := f.directory.ServeIAM(recorder, httptest.NewRequest(http.MethodGet, "/?Action=GetUser&Version=2010-05-08", nil), admin)
	if err != nil {
		t.Fatal(err)
	}
	body := recorder.Body.String()
	for _, want := range []string{
		`<GetUserResponse xmlns="https://iam.amazonaws.com/doc/2010-05-08/">`, "<GetUserResult>", "<UserName>admin</UserName>",
		"<ResponseMetadata>", "<RequestId>" + recorder.Header().Get("X-Amzn-Requestid") + "</RequestId>",
	} {
		if !strings.Contains(body, want) {
			t.Errorf("no %s in\n%s", want, body)
		}
	}
	if recorder.Code != http.StatusOK || recorder.Header().Get("Content-Type") != "text/xml" {
		t.Errorf("status %d, %s", recorder.Code, recorder.Header().Get("Content-Type"))
	}
}

func TestACallWithoutActionOrOfAnotherVersionIsRefused(t *testing.T) {
	f := world()
	_, admin, _ := f.directory.Lookup(adminKey)
	for target, want := range map[string]string{
		"/": "<Code>MissingAction</Code>",
		"/?Action=GetCallerIdentities&Version=2011-06-15": "<Code>InvalidAction</Code>",
		"/?Action=GetCallerIdentity&Version=2000-01-01":   "<Code>InvalidAction</Code>",
		"/?Action=GetUser&Version=2011-06-15":             "<Code>InvalidAction</Code>",
	} {
		recorder := httptest.NewRecorder()
		r := httptest.NewRequest(http.MethodGet, target, nil)
		wire.Refuse(recorder, r, "sts", f.directory.ServeSTS(recorder, r, admin))
		if recorder.Code != http.StatusBadRequest || !strings.Contains(recorder.Body.String(), want) {
			t.Errorf("%s: %d\n%s", target, recorder.Code, recorder.Body)
		}
	}
}

func TestARemovedKeyIsUnknown(t *testing.T) {
	f := world()
	f.directory.RemoveKey(adminKey)
	_, err := f.iam().GetUser(t.Context(), nil)
	wantError(t, err, "InvalidClientTokenId", 403, "")
}
