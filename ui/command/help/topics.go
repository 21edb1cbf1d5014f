package help

import "github.com/spf13/cobra"

// topics are pages on what no single command has to say.
func topics() []*cobra.Command {
	return []*cobra.Command{
		{Use: "environment", Short: "Variables that bothways reads", Long: environment},
		{Use: "exit-codes", Short: "What the exit code of a command says", Long: exitCodes},
		{Use: "policy", Short: "The rights in AWS that each part takes", Long: rights},
	}
}

const environment = `Variables that bothways reads:

  BOTHWAYS_HOME             where runs' journals and locks are kept, in place of
                            $XDG_STATE_HOME/bothways or ~/.local/state/bothways
  BOTHWAYS_CONFIG           the file of settings, in place of
                            $XDG_CONFIG_HOME/bothways/config.yaml or
                            ~/.config/bothways/config.yaml
  AWS_PROFILE               the profile of a side for which none is given
  AWS_REGION                a region that the console proposes
  AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN
                            credentials, as every AWS tool takes them
  AWS_CONFIG_FILE, AWS_SHARED_CREDENTIALS_FILE
                            where profiles are read, in place of ~/.aws
  AWS_ENDPOINT_URL          where requests go in place of AWS: bothways sandbox
                            prints it
  AWS_CA_BUNDLE             further certificates to trust
  HTTPS_PROXY, NO_PROXY     a proxy for requests
  NO_COLOR                  no colours
  TERM                      dumb: no escape sequences at all

The AWS SDK for Go reads further variables; it documents them.`

const exitCodes = `Exit codes of every command:

  0    done, and nothing is wrong
  1    it failed, or what was looked at is not as it should be: a plan that can't
       be carried out, a doctor's finding, an audit's difference, a drill that
       did not pass
  2    what was typed can't be done: the message names the value and what to give
  3    there is something to agree to or to change: plan has changes; apply,
       destroy, clean and backfill were run without --yes
  130  ended by Ctrl-C (128 and the signal's number for others); what was begun
       is in the journal, and the same command goes on`

const rights = `bothways export --format policy prints, for a pair, the IAM policy that is
enough for everything but drills, with a statement for each part:

  bothways export --format policy --a REGION/BUCKET --b REGION/BUCKET
  bothways export --format drill-policy --a REGION/BUCKET --b REGION/BUCKET

Who only looks takes away the statements of what changes something. A right that
is missing is named, with the command or screen that needs it, before anything
is changed.`
