//go:build unix

package command_test

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
)

// coded gives a user a profile whose role wants an MFA code.
func coded(t *testing.T) *killing {
	t.Helper()
	k := against(t, "--time-scale", "100")
	env := map[string]string{}
	for _, entry := range k.env {
		name, value, _ := strings.Cut(entry, "=")
		env[name] = value
	}
	// The SDK assumes roles before it has read the endpoint of all services.
	k.env = append(k.env, "AWS_ENDPOINT_URL_STS="+env["AWS_ENDPOINT_URL"])
	role, err := k.iam.CreateRole(t.Context(), &iam.CreateRoleInput{
		RoleName: aws.String("deploy"), AssumeRolePolicyDocument: aws.String(
			`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"*"},"Action":"sts:AssumeRole"}]}`),
	})
	if err != nil {
		t.Fatal(err)
	}
	_, err = k.iam.PutRolePolicy(t.Context(), &iam.PutRolePolicyInput{
		RoleName: aws.String("deploy"), PolicyName: aws.String("all"),
		PolicyDocument: aws.String(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}`),
	})
	if err != nil {
		t.Fatal(err)
	}
	dir := filepath.Join(k.home, ".aws")
	if err := os.Mkdir(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	text := "[profile keys]\naws_access_key_id = " + env["AWS_ACCESS_KEY_ID"] + "\naws_secret_access_key = " + env["AWS_SECRET_ACCESS_KEY"] + "\nregion = eu-west-1\n" +
		"[profile deploy]\nrole_arn = " + *role.Role.Arn + "\nsource_profile = keys\nmfa_serial = arn:aws:iam::000000000000:mfa/me\nregion = eu-west-1\n"
	if err := os.WriteFile(filepath.Join(dir, "config"), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return k
}

func TestAnMFACodeIsAskedForOnTheTerminalOnce(t *testing.T) {
	t.Parallel()
	k := coded(t)
	s := k.terminal(t, 100, 40, slices.Concat([]string{"plan", "--profile", "deploy"}, thePair)...)
	s.waitFor("MFA code of arn:aws:iam::000000000000:mfa/me for profile deploy:")
	s.press("123456\r")
	s.waitFor("create")
	if code := s.end(); code != 3 {
		t.Errorf("exit code %d: %s", code, s.written())
	}
	if out := s.written(); strings.Count(out, "MFA code of") != 1 {
		t.Errorf("the terminal shows %q", out)
	}
}

func TestACodeCanBeDeclinedWithCtrlC(t *testing.T) {
	t.Parallel()
	k := coded(t)
	s := k.terminal(t, 100, 40, slices.Concat([]string{"plan", "--profile", "deploy"}, thePair)...)
	s.waitFor("MFA code of")
	s.press("\x03")
	if code := s.end(); code != 130 {
		t.Errorf("exit code %d: %s", code, s.written())
	}
	s.checkRestored()
}

// runDetached runs the program without a terminal to ask anybody on.
func (u *user) runDetached(t *testing.T, args ...string) result {
	t.Helper()
	var stdout, stderr bytes.Buffer
	c := u.command(t.Context(), args...)
	c.Stdout, c.Stderr = &stdout, &stderr
	c.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	_ = c.Run() // its code is what is asked for
	return result{c.ProcessState.ExitCode(), stdout.String(), stderr.String()}
}

func TestWithoutATerminalAProfileWithACodeSaysWhatToDo(t *testing.T) {
	t.Parallel()
	k := coded(t)
	r := k.runDetached(t, slices.Concat([]string{"plan", "--profile", "deploy"}, thePair)...)
	if r.code != 1 || !strings.Contains(r.stderr, "profile deploy") || !strings.Contains(r.stderr, "aws sts assume-role") {
		t.Errorf("it exits %d: %s", r.code, r.stderr)
	}
}
