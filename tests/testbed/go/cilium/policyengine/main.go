// What Cilium's own policy engine decides about connections: one question a line, one answer a line, both JSON.
//
//	policyengine [< QUESTIONS] [> ANSWERS]
//
// A question has `manifests`, the objects of a cluster; `namespaces`, labels by name; `pods` and `outside`, who there is,
// by a name of the asker's choice; and `flows` between them. world.go has the fields.
//
// An answer has `refused`, for each manifest that the agent would not take, its index and why; `warnings`, what the agent
// would log about the others; and `verdicts`, for each flow whether the whole connection is allowed, as the source's
// egress and the destination's ingress. Where a manifest is refused there are no verdicts. Of a question that is wrong in
// itself, the answer has `error` alone.
//
// Not decided here: which names a pod may ask DNS for (`rules.dns`). A place outside has the names that were asked for.
package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"os"

	"github.com/cilium/cilium/pkg/labelsfilter"
	"github.com/cilium/cilium/pkg/option"
	"github.com/cilium/cilium/pkg/policy/api"
)

// Of the cluster, where nobody gives it another.
const cluster = "default"

type question struct {
	world
	Manifests []json.RawMessage `json:"manifests"`
	Flows     []flow            `json:"flows"`
}

type answer struct {
	Refused  []refusal `json:"refused"`
	Warnings []string  `json:"warnings"`
	Verdicts []bool    `json:"verdicts,omitempty"`
	Error    string    `json:"error,omitempty"`
}

type refusal struct {
	Manifest int    `json:"manifest"`
	Message  string `json:"message"`
}

func main() {
	if err := run(os.Stdin, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(questions io.Reader, answers io.Writer) error {
	if err := configure(); err != nil {
		return err
	}
	lines := bufio.NewReader(questions)
	encoder := json.NewEncoder(answers)
	for {
		line, err := lines.ReadBytes('\n')
		if len(line) > 0 {
			if err := encoder.Encode(ask(line)); err != nil {
				return err
			}
		}
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
	}
}

// configure sets what the agent's own options are by default, in a cluster of both families with DNS proxy.
func configure() error {
	option.Config.EnableIPv4, option.Config.EnableIPv6 = true, true
	option.Config.EnableL7Proxy = true
	option.Config.EnableICMPRules = true
	option.Config.EnableNonDefaultDenyPolicies = true
	// What "auto" becomes under Kubernetes.
	option.Config.UnsafeDaemonConfigOption.AllowLocalhost = option.AllowLocalhostAlways
	api.InitEntities(cluster)
	return labelsfilter.ParseLabelPrefixCfg(slog.New(slog.DiscardHandler), nil, nil, "")
}

func ask(line []byte) answer {
	decoder := json.NewDecoder(bytes.NewReader(line))
	decoder.DisallowUnknownFields()
	var asked question
	if err := decoder.Decode(&asked); err != nil {
		return answer{Error: err.Error()}
	}
	given := answer{Refused: []refusal{}, Warnings: []string{}}
	logger := slog.New(&warnings{texts: &given.Warnings})
	entries, refused := parseAll(logger, asked.Manifests)
	if len(refused) > 0 {
		given.Refused = refused
		return given
	}
	verdicts, err := decide(logger, entries, asked.world, asked.Flows)
	if err != nil {
		return answer{Error: err.Error()}
	}
	given.Verdicts = verdicts
	return given
}

// warnings keeps what the agent would log at the level of warnings and above.
type warnings struct {
	texts *[]string
	known []slog.Attr
}

func (*warnings) Enabled(_ context.Context, level slog.Level) bool { return level >= slog.LevelWarn }

func (it *warnings) Handle(_ context.Context, record slog.Record) error {
	text := record.Message
	add := func(one slog.Attr) bool {
		text += " " + one.String()
		return true
	}
	for _, one := range it.known {
		add(one)
	}
	record.Attrs(add)
	*it.texts = append(*it.texts, text)
	return nil
}

func (it *warnings) WithAttrs(added []slog.Attr) slog.Handler {
	return &warnings{texts: it.texts, known: append(append([]slog.Attr{}, it.known...), added...)}
}

func (it *warnings) WithGroup(string) slog.Handler { return it }
