// Package sandbox is an AWS inside this process: its services over real HTTP,
// with real replication between regions at simulated distances. It shares no
// code with the clients of this program, so that agreement between the two is
// evidence.
//
// A request passes the front (distance, faults, signature), which hands it to
// the service that its signature names (services.go). What S3 keeps is in
// store, from where replicate carries it to other regions.
// A service refuses with a refusal.Error, which wire puts into the service's
// protocol.
package sandbox

import (
	"cmp"
	crand "crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"bothways/aws/sandbox/account"
	"bothways/aws/sandbox/batch"
	"bothways/aws/sandbox/cloudwatch"
	"bothways/aws/sandbox/delays"
	"bothways/aws/sandbox/distance"
	"bothways/aws/sandbox/fault"
	"bothways/aws/sandbox/fis"
	"bothways/aws/sandbox/iam"
	"bothways/aws/sandbox/inventory"
	"bothways/aws/sandbox/kms"
	"bothways/aws/sandbox/notify"
	"bothways/aws/sandbox/replicate"
	"bothways/aws/sandbox/s3"
	"bothways/aws/sandbox/s3/request"
	"bothways/aws/sandbox/s3control"
	"bothways/aws/sandbox/sigv4"
	"bothways/aws/sandbox/state"
	"bothways/aws/sandbox/store"
)

// accountID is the sandbox's account.
const accountID = "000000000000"

// regionDelay is how long an account waits for a region that it enables.
const regionDelay = 5 * time.Minute

// Options say how a sandbox is to be. The zero value is a good one.
type Options struct {
	// Seed fixes all draws; 0 means a random one.
	Seed uint64
	// TimeScale makes simulated delays pass this many times as fast, those of
	// Settling, Propagation and faults included; 0 means 1, negative is refused.
	TimeScale float64
	// NoDistance leaves out the simulated round trips; the delays of
	// replication stay.
	NoDistance bool
	// Dir is where a directory for the bodies above 1 MiB is made; "" means
	// the system's directory for temporary files. Close removes it.
	Dir string
	// BucketQuota is how many buckets an account may have; 0 means S3's
	// default of 10,000.
	BucketQuota int
	// State is a directory that keeps accounts, roles, buckets, versions and
	// bodies between runs; "" keeps nothing. What a request that changes
	// something is answered for is on disk by then.
	State string
	// AccessKeyID and SecretAccessKey are the operator's, random where empty.
	AccessKeyID, SecretAccessKey string
	// Accounts are there from the beginning, besides the operator's.
	Accounts []Account
	// Faults happen by themselves; their times count from the start. SetFaults
	// replaces them.
	Faults []Fault
	// Exposed lets Listen serve addresses that other computers can reach.
	Exposed bool
	// Truth, if set, gets a JSON line for each replica: bucket, key,
	// version_id, committed_at and visible_at, in RFC 3339 with nanoseconds.
	// The sandbox does not close it.
	Truth io.Writer
	// Events, if set, gets a JSON line for each message that S3 would send by
	// the notification configurations of buckets: for what requests create and
	// remove, and for replications. The sandbox does not close it.
	Events io.Writer
	// Generated are buckets that are there from the beginning, full of versions
	// that cost no memory. What is written to them is kept as usual, but not in
	// State: the two exclude each other. GeneratedTruth, if set, gets a JSON line
	// for each difference that was planted (generate.Truth), at the start.
	Generated      *Generated
	GeneratedTruth io.Writer
	// Current says which version of a key is the current one after both sides
	// wrote to it: "" is Created.
	Current Current
	// Propagation delays the effect of changes to roles and their policies,
	// as IAM's eventual consistency does.
	Propagation time.Duration
	// Settling delays the effect of changes to buckets, as S3's eventual
	// consistency of configurations does.
	Settling Settling
	// InventoryLag is how long before the scan of an inventory something may have
	// been written that its list does not have yet, as AWS's lists are
	// eventually consistent; 0 leaves nothing out.
	InventoryLag time.Duration
	// InventoryFileRows is how many rows a file of a list has at most; 0 means
	// 100,000.
	InventoryFileRows int
	// Pauses is how pauses of AWS FIS go where AWS does not say: the zero value
	// lets nothing through at their beginning, and all that was held go on at once
	// at their end. CommonPauses is what people should see.
	Pauses Pauses
	// Delays is the law of replication delays; the zero value draws each by
	// itself.
	Delays delays.Law

	// Delay replaces Delays; sizes are in bytes. TimeScale still applies.
	Delay func(from, to string, size int64, draw *rand.Rand) time.Duration
	// RTT replaces the law of round-trip times. TimeScale still applies.
	RTT func(region string) time.Duration
	// OnDelivery is told of each replica the moment it has become visible.
	// It must not block.
	OnDelivery func(Delivery)
	// OnEvent is told what S3 would send as an event notification about
	// replication. It must not block.
	OnEvent func(Event)
	// OnDamage is told of each read of a version whose bytes are no longer
	// those that were kept in State; it was refused or broken off. It may be
	// called by several goroutines at once.
	OnDamage func(bucket, key, versionID string)
	// OnRoom is told once that State can't be written any more, with the reason,
	// and once, with nil, that it can again. It must not block.
	OnRoom func(why error)
}

// Settling says how long changes of a bucket take until they are seen
// everywhere.
type Settling = store.Settling

// Event is what S3 tells of a replication besides the status.
type Event = replicate.Event

// Delivery is the truth about one replica.
type Delivery = replicate.Delivery

// Sandbox is a running sandbox. It is an http.Handler for all of its
// services.
type Sandbox struct {
	options    Options
	bodies     *store.BodyStore
	store      *store.Store
	accounts   *iam.Accounts
	directory  *iam.Directory // of the operator's account
	engine     *replicate.Engine
	inventory  *inventory.Deliverer
	keys       *kms.Registry
	kms        *kms.API
	regions    *account.Regions
	account    *account.API
	cloudwatch *cloudwatch.API
	fis        *fis.API
	jobs       *batch.Jobs
	s3control  *s3control.API
	truth      *truth // nil: nobody asks
	notices    *notify.Log
	s3         *s3.API
	verifier   sigv4.Verifier

	faults *fault.Injector
	script struct { // the faults of Options or SetFaults
		sync.Mutex
		lifts []func()
	}
	state  *state.Log  // nil: nothing is kept
	unkept atomic.Bool // a change was refused after it was made
	notes  []string

	closing   sync.Mutex
	closed    chan struct{}
	timers    []*time.Timer // of faults to come
	listeners []*http.Server
}

// New starts a sandbox. It has no goroutine while nothing happens.
func New(o Options) (*Sandbox, error) {
	if err := complete(&o); err != nil {
		return nil, err
	}
	bodies, err := openBodyStore(o)
	if err != nil {
		return nil, err
	}
	s := &Sandbox{
		options:  o,
		bodies:   bodies,
		store:    store.New(bodies, o.Seed),
		accounts: iam.NewAccounts(time.Duration(float64(o.Propagation) / o.TimeScale)),
		faults:   fault.NewInjector(o.Seed, o.TimeScale),
		keys:     &kms.Registry{},
		regions:  &account.Regions{Delay: time.Duration(float64(regionDelay) / o.TimeScale)},
		closed:   make(chan struct{}),
	}
	if o.Events != nil {
		s.notices = notify.NewLog(o.Events)
	}
	s.store.Settling = o.Settling.Scaled(o.TimeScale)
	s.jobs = batch.NewJobs(batch.Config{Store: s.store, Scale: o.TimeScale, Assume: s.assumeForBatch})
	s.fis = fis.New(fis.Config{Store: s.store, Accounts: s.accounts, Seed: o.Seed, Scale: o.TimeScale, Assume: s.assumeForFIS, Pauses: o.Pauses})
	s.cloudwatch = &cloudwatch.API{Accounts: s.accounts, Scale: o.TimeScale}
	s.fis.InAlarm = s.cloudwatch.InAlarm
	s.store.Order = orders[o.Current]
	if err := s.restore(); err != nil {
		return nil, errors.Join(err, bodies.Close())
	}
	s.directory = s.accounts.Open(accountID)
	// Without policies of its own nothing about a user can be wrong.
	_ = s.directory.PutUser(iam.NewUser{
		Name: "operator", AccessKeyID: s.options.AccessKeyID, Key: sigv4.Key{SecretAccessKey: s.options.SecretAccessKey}, Administrator: true,
	})
	s.engine = replicate.New(replicate.Config{
		Store: s.store, Keys: s.keys, Seed: o.Seed, Scale: o.TimeScale, Delay: o.delay(), Assume: s.assume,
		Report: s.report(), Event: s.tell(),
	})
	s.inventory = inventory.New(inventory.Config{
		Store: s.store, Engine: s.engine, Accounts: s.accounts, Notices: s.notices, Seed: o.Seed, Scale: o.TimeScale,
		Lag: o.InventoryLag, FileRows: o.InventoryFileRows,
	})
	s.jobs.Engine, s.fis.Engine = s.engine, s.engine
	s.account = &account.API{Regions: s.regions, Accounts: s.accounts}
	s.kms = &kms.API{Keys: s.keys, Accounts: s.accounts}
	s.s3control = &s3control.API{Jobs: s.jobs, Store: s.store, Accounts: s.accounts}
	s.cloudwatch.Engine = s.engine
	s.s3 = s3.New(request.Backend{
		Store: s.store, Engine: s.engine, Directory: s.accounts, Keys: s.keys, Quota: o.BucketQuota, Scale: o.TimeScale, Inventory: s.inventory, Notices: s.notices, Damaged: o.OnDamage,
	})
	if err := s.generate(); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	for _, a := range o.Accounts {
		if err := s.AddAccount(a); err != nil {
			return nil, errors.Join(&InputError{err}, s.Close())
		}
	}
	if err := s.persist(); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	if err := s.SetFaults(o.Faults); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return s, nil
}

// report returns the function that deliveries are reported to, nil if nobody asks.
func (s *Sandbox) report() func(Delivery) {
	told := s.options.OnDelivery
	if s.options.Truth == nil {
		return told
	}
	s.truth = &truth{to: s.options.Truth}
	return func(d Delivery) {
		s.truth.write(d)
		if told != nil {
			told(d)
		}
	}
}

// complete fills in what was left open.
func complete(o *Options) error {
	if o.TimeScale < 0 {
		return fmt.Errorf("starting the sandbox: a time scale of %v is not possible", o.TimeScale)
	}
	if _, err := ParseCurrent(string(cmp.Or(o.Current, Created))); err != nil {
		return fmt.Errorf("starting the sandbox: %w", err)
	}
	o.TimeScale = cmp.Or(o.TimeScale, 1)
	o.Seed = cmp.Or(o.Seed, rand.Uint64())
	o.BucketQuota = cmp.Or(o.BucketQuota, 10000)
	if o.RTT == nil {
		o.RTT = distance.RoundTrip
	}
	return nil
}

// delay returns the function that draws delays, whose time begins now.
func (o *Options) delay() func(from, to string, size int64, begins time.Time, draw *rand.Rand) time.Duration {
	if given := o.Delay; given != nil {
		return func(from, to string, size int64, _ time.Time, draw *rand.Rand) time.Duration {
			return given(from, to, size, draw)
		}
	}
	law, scale, begun := o.Delays.New(o.Seed), o.TimeScale, time.Now()
	return func(from, to string, size int64, begins time.Time, draw *rand.Rand) time.Duration {
		return law.Delay(from, to, size, begins.Sub(begun).Seconds()*scale, draw)
	}
}

// generateKeys gives the operator random keys where none are known.
func (o *Options) generateKeys() {
	var random [36]byte
	_, _ = crand.Read(random[:]) // never fails
	if o.AccessKeyID == "" {
		o.AccessKeyID = "AKIASANDBOX" + strings.ToUpper(hex.EncodeToString(random[8:13]))[:9]
	}
	if o.SecretAccessKey == "" {
		o.SecretAccessKey = hex.EncodeToString(random[16:])
	}
}

// Credentials returns the operator's key, which may do everything in the
// account.
func (s *Sandbox) Credentials() (accessKeyID, secretAccessKey string) {
	return s.options.AccessKeyID, s.options.SecretAccessKey
}

// AccountID returns the sandbox's account.
func (s *Sandbox) AccountID() string { return accountID }

// Directory returns the account's users, roles and policies, for tests that
// need callers with fewer rights than the operator.
func (s *Sandbox) Directory() *iam.Directory { return s.directory }

// Close ends the listeners and the deliveries and removes all bodies. What is
// still being served is cut off.
func (s *Sandbox) Close() error {
	s.closing.Lock()
	defer s.closing.Unlock()
	select {
	case <-s.closed:
		return nil
	default:
	}
	close(s.closed)
	var failed []error
	for _, server := range s.listeners {
		failed = append(failed, server.Close())
	}
	for _, timer := range s.timers {
		timer.Stop()
	}
	s.inventory.Close()
	s.fis.Close()
	s.jobs.Close()
	s.engine.Close()
	if s.state != nil {
		// What was changed in the directories by hand is not written yet.
		s.writeAccounts(s.state.Append)
	}
	if s.truth != nil {
		failed = append(failed, s.truth.err())
	}
	failed = append(failed, s.notices.Err())
	return errors.Join(append(failed, s.state.Close(), s.bodies.Close())...)
}
