// Package sandboxed is the command that runs the sandbox by itself, and the flags
// that say how time passes in one.
package sandboxed

import (
	"errors"
	"fmt"
	"io"
	"os"
	"sync"

	"github.com/spf13/cobra"

	"bothways/aws/account"
	"bothways/aws/sandbox"
	"bothways/ui/command/usage"
	"bothways/ui/plain"
)

// Host is what the program gives to the command.
type Host struct {
	Stdout, Stderr *os.File
	Complain       func(text string) // a line for people
	Forgive        func()            // a signal that ended it is no failure
}

// command is one run of it.
type command struct {
	Host
	simulation *Simulation
}

// flags are what only this command knows.
type flags struct {
	listen, users, faults, truth, events, state string
	generate, generated                         string
	expose, tls                                 bool
	distances                                   onOff
	current                                     currentFlag
	seed                                        uint64
	pauses                                      sandbox.Pauses
}

// example shows what the files look like that the flags name.
const example = `bothways sandbox --users users.json --faults faults.json --truth truth.jsonl --state kept

# users.json
{"accounts": [{"id": "111122223333", "users": [
{"name": "reader", "access_key_id": "AKIAREADER", "secret_access_key": "s",
"policies": [{"Version": "2012-10-17", "Statement": [
{"Effect": "Allow", "Action": "s3:Get*", "Resource": "*"}]}]}],
"kms_keys": [{"arn": "arn:aws:kms:eu-west-1:111122223333:key/one", "state": "Enabled"}]}]}

# faults.json
{"settling": {"role_assumable": "8s", "configuration_effective": "5s"},
"faults": [
{"fault": "slowdown", "operation": "HeadObject", "share": 0.3, "for": "2m"},
{"fault": "outage", "region": "ap-southeast-1", "at": "5m", "for": "10m"}]}

bothways sandbox --generate generate.json --truth-of-generated planted.jsonl

# generate.json
{"seed": 7, "buckets": [
{"name": "gen-a", "region": "eu-west-1"}, {"name": "gen-b", "region": "ap-southeast-1"}],
"keys": [
{"prefix": "logs/", "count": 10000000, "depth": 2, "per_folder": 1000, "suffix": ".json",
"versions": {"least": 1, "most": 3}, "markers": 0.05, "sizes": [0, 1024, 131072]},
{"prefix": "tmp/", "count": 1000, "names": "hashes", "oldest": "720h", "youngest": "1h"}],
"differences": [{"kind": "failed", "count": 20}, {"kind": "outside", "count": 5, "prefix": "tmp/"}]}`

// Command is bothways sandbox.
func Command(simulation *Simulation, host Host) *cobra.Command {
	a, flags := &command{host, simulation}, flags{distances: true, current: currentFlag{sandbox.Created}}
	c := &cobra.Command{
		Use:   "sandbox",
		Short: "Run the sandbox on a loopback port until Ctrl-C; prints what to export",
		Long: "Runs an AWS of S3, IAM, STS, KMS, account regions, S3's Batch Replication, CloudWatch's metrics and alarms of replication and FIS's pause of replication on a loopback port until Ctrl-C, " +
			"with real replication between its regions and simulated distances. " +
			"Standard output is only the lines to export; in another shell, paste them, or write them to a file and source it. " +
			"Clients of S3 Control put the account before the host: give them --endpoint-url http://localhost:PORT " +
			"and, where ACCOUNT.localhost does not resolve, HTTP_PROXY=http://127.0.0.1:PORT.\n\n" +
			delaysHelp() + "\n\n" +
			"What can go wrong, in the file of --faults. Requests: refuse, reset, hang, delay (with delay), slowdown, error (with status, code, message), " +
			"skew (with offset) and expired; narrowed by region, service, operation, bucket, prefix, share (above 0, to 1) and requests. " +
			"Replication, which stays PENDING and catches up: outage (of region, requests too), cut (from, to), " +
			"pause (of bucket; to, destinations, prefix) and slow (by factor; from, to, share). " +
			"Each takes at and for, counted from when the file was read; without for it lasts. " +
			"Save the file while the sandbox runs and its faults replace those before.\n\n" +
			generateHelp(),
		Example: example,
		Args:    usage.NoArguments,
		RunE:    func(c *cobra.Command, _ []string) error { return a.run(c, flags) },
	}
	simulation.Add(c)
	f := c.Flags()
	f.StringVar(&flags.listen, "listen", "127.0.0.1:0", "listen on this loopback address and port; port 0 takes a free one")
	f.BoolVar(&flags.expose, "expose", false, "let --listen be an address that other computers can reach")
	f.BoolVar(&flags.tls, "tls", false, "serve over TLS, with a certificate made at start; the file of its authority is one more line to export")
	f.Var(&flags.distances, "distances", "let each request wait as long as its region is far: on or off; off leaves the delays of replication")
	f.Var(&flags.current, "current", "after both sides wrote to a key, let the version that was created last be the current one on both, or on each the one that arrived last, "+
		"which may be the other's: created or arrived; AWS does not document which of them S3 does")
	addPauses(f, &flags.pauses)
	f.Uint64Var(&flags.seed, "seed", 0, "draw the simulated delays from this seed; 0 takes a new one")
	f.StringVar(&flags.users, "users", "", "read more accounts with their users, access keys, policies and kms_keys from this JSON file")
	f.StringVar(&flags.faults, "faults", "", "read what shall go wrong, and how long changes take to settle, from this JSON file; its faults again whenever it changes")
	f.StringVar(&flags.state, "state", "", "keep accounts, buckets and objects between runs in this directory; without it nothing is kept")
	f.StringVar(&flags.truth, "truth", "", "write a JSON line for each replica to this file: when it was committed and when it became visible")
	f.StringVar(&flags.generate, "generate", "", "have buckets full of versions by formula, which cost no memory, as this JSON file says; with differences between them")
	f.StringVar(&flags.generated, "truth-of-generated", "", "write a JSON line to this file for each difference that --generate plants; what the file held is replaced if it was such lines")
	f.StringVar(&flags.events, "events", "", "write a JSON line to this file for each message that the buckets' event notifications would send to a queue, a topic or a function")
	return c
}

// options reads the files that the flags name. The function that it returns
// closes what has to be closed after the sandbox.
func (a *command) options(flags flags) (o sandbox.Options, end func() error, err error) {
	end = func() error { return nil }
	o = sandbox.Options{TimeScale: a.simulation.TimeScale, Delays: a.simulation.Law.Law, Seed: flags.seed, Exposed: flags.expose, State: flags.state, NoDistance: !bool(flags.distances), Current: flags.current.Current, Pauses: flags.pauses}
	if flags.users != "" {
		text, err := usage.ReadGiven(flags.users)
		if err != nil {
			return o, end, usage.Wrong("--users %s: %w", flags.users, err)
		}
		if o.Accounts, err = sandbox.ParseAccounts(text); err != nil {
			return o, end, usage.Wrong("--users %s: %w", flags.users, err)
		}
	}
	if flags.faults != "" {
		script, err := readFaults(flags.faults)
		if err != nil {
			return o, end, usage.Wrong("%w", err)
		}
		o.Settling, o.Propagation, o.Faults = script.Settling, script.Propagation, script.Faults
	}
	if o.Generated, err = readGenerate(flags); err != nil {
		return o, end, err
	}
	var files []io.Closer
	end = func() (err error) {
		for _, file := range files {
			err = errors.Join(err, file.Close())
		}
		return err
	}
	for _, f := range []struct {
		flag, path string
		begins     func(line []byte) bool
		to         *io.Writer
	}{{"--truth", flags.truth, isTruth, &o.Truth}, {"--events", flags.events, isMessage, &o.Events}} {
		if f.path == "" {
			continue
		}
		file, err := openLines(f.path, f.begins)
		if err != nil {
			return o, func() error { return nil }, usage.Wrong("%s: %w", f.flag, errors.Join(err, end()))
		}
		files, *f.to = append(files, file), file
	}
	if flags.generated != "" {
		file, err := openGenerated(flags.generated)
		if err != nil {
			return o, func() error { return nil }, usage.Wrong("--truth-of-generated: %w", errors.Join(err, end()))
		}
		files, o.GeneratedTruth = append(files, file), file
	}
	return o, end, nil
}

func (a *command) run(c *cobra.Command, flags flags) (err error) {
	address, err := usage.ListenAddress(c.Context(), "--listen", flags.listen, "127.0.0.1:9000")
	if err != nil {
		return err
	}
	seen := stateOf(flags.faults) // before it is read: a change meanwhile counts
	o, end, err := a.options(flags)
	if err != nil {
		return err
	}
	o.OnDamage, o.OnRoom = a.damageTeller(), a.roomTeller(flags.state)
	defer func() { err = errors.Join(err, end()) }()
	box, err := sandbox.New(o)
	var given *sandbox.InputError
	if errors.As(err, &given) {
		return usage.Wrong("--users %s: %w", flags.users, err)
	}
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, box.Close()) }()
	endpoint, authority, leave, err := serve(c.Context(), box, address, flags.tls)
	defer func() { err = errors.Join(err, leave()) }()
	if errors.Is(err, sandbox.ErrNotLoopback) {
		return usage.Wrong("--listen %s: %w; give a loopback address such as 127.0.0.1:9000, or add --expose if that is meant", flags.listen, sandbox.ErrNotLoopback)
	}
	if err != nil {
		return err
	}
	key, secret := box.Credentials()
	out := plain.Text(a.Stdout)
	exports := [][2]string{
		{"AWS_ENDPOINT_URL", endpoint},
		{"AWS_ACCESS_KEY_ID", key},
		{"AWS_SECRET_ACCESS_KEY", secret},
		{"AWS_REGION", "eu-west-1"},
		{"AWS_DEFAULT_REGION", "eu-west-1"}, // the older name, which the AWS CLI of version 1 reads alone
	}
	if authority != "" {
		exports = append(exports, [2]string{"AWS_CA_BUNDLE", authority})
	}
	for _, pair := range exports {
		out.Line("export %s=%s", pair[0], account.Quote(pair[1]))
	}
	if err := out.Err(); err != nil {
		return err
	}
	for _, note := range box.Notes() {
		a.Complain(note)
	}
	_, _ = fmt.Fprintln(a.Stderr, a.notice(flags))
	if flags.faults == "" {
		<-c.Context().Done()
	} else {
		a.followFaults(c.Context(), flags.faults, seen, box)
	}
	a.Forgive()
	return nil
}

// damageTeller returns what says which version can't be read any more: once, as
// clients ask again.
func (a *command) damageTeller() func(bucket, key, versionID string) {
	var told sync.Map
	return func(bucket, key, versionID string) {
		if _, again := told.LoadOrStore([3]string{bucket, key, versionID}, true); again {
			return
		}
		a.Complain(fmt.Sprintf("%s/%s, version %s, is damaged: its bytes on disk are not those that were written, so it is not served.", bucket, key, versionID))
	}
}

// roomTeller returns what says that a state can't be kept any more, or can again.
func (a *command) roomTeller(dir string) func(why error) {
	return func(why error) {
		switch {
		case why == nil:
			a.Complain("There is room in " + dir + " again: what is written is kept.")
		case errors.Is(why, sandbox.ErrUntilRestart):
			a.Complain(fmt.Sprintf("Nothing more can be kept in %s: %v. Changes are refused.", dir, why))
		default:
			a.Complain(fmt.Sprintf("There is no room in %s: %v. What can't be kept is refused until there is; what is kept is served, and can be deleted.", dir, why))
		}
	}
}

// notice says what whoever runs the sandbox should know.
func (a *command) notice(flags flags) string {
	warning, leaves, kept := "", "nothing leaves this computer", "nothing is kept"
	if flags.expose {
		warning = "Warning: other computers may reach this sandbox, and nothing is encrypted on the way.\n"
		if flags.tls {
			warning = "Warning: other computers may reach this sandbox.\n"
		}
		leaves = "nothing is asked of AWS"
	}
	if flags.state != "" {
		kept = "everything is kept in " + flags.state
	}
	distances, what := "Each request waits as long as its region is far, from some milliseconds to a third of a second, and --distances off leaves that out. ", "That and replication pass"
	if !flags.distances {
		distances, what = "No request waits for a distance. ", "Replication passes"
	}
	if scale := a.simulation.TimeScale; scale == 1 {
		distances += what + " ten times as fast with --time-scale 10. "
	} else {
		distances += fmt.Sprintf("%s %v times as fast as without --time-scale. ", what, scale)
	}
	law := "Replication's delays follow a made-up law, " + a.simulation.Law.String() + ": --delays takes another. "
	return warning + "The sandbox runs until Ctrl-C or SIGTERM; " + leaves + " and " + kept + ". " + distances + law +
		"Older clients don't read AWS_ENDPOINT_URL and would ask AWS itself (AWS CLI before 2.13 or 1.29, boto3 before 1.28): pass them --endpoint-url."
}
