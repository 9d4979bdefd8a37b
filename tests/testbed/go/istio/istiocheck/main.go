// Where Istio sends connections: one question a line, one answer a line, both JSON.
//
//	istiocheck [< QUESTIONS] [> ANSWERS]
//
// A question has `manifests`, the objects of a cluster, Istio's and Services among them; `mesh`, what the mesh's
// configuration says differently from Istio's defaults; `pods`, who runs a proxy of Istio, by a name of the asker's
// choice; `connections` from them; and `configurations`, pods whose proxy's configuration is wanted. cluster.go and
// paths.go have the fields.
//
// An answer has `refused`, for each manifest that Istio's validation refuses, its index and why; `warnings`, what
// validation and pilot say about the others; `paths`, for each connection its hops from proxy to proxy; and
// `configurations`, by pod. Where a manifest is refused there are no paths. Of a question that is wrong in itself, the
// answer has `error` alone.
//
// Pilot makes the configuration, and its own simulator chooses listener, filter chain and route as Envoy does. Not in the
// simulator, thus decided in access.go: what Envoy's filters for access say.
package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"os"

	"istio.io/istio/pkg/kube/krt"
	"istio.io/istio/pkg/log"
	"istio.io/istio/pkg/test"
)

type question struct {
	Manifests      []json.RawMessage `json:"manifests"`
	Mesh           json.RawMessage   `json:"mesh"`
	Pods           map[string]pod    `json:"pods"`
	Connections    []connection      `json:"connections"`
	Configurations []string          `json:"configurations"`
}

type answer struct {
	Refused        []refusal                `json:"refused"`
	Warnings       []string                 `json:"warnings"`
	Paths          [][]hop                  `json:"paths,omitempty"`
	Configurations map[string]configuration `json:"configurations,omitempty"`
	Error          string                   `json:"error,omitempty"`
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
	options := log.DefaultOptions()
	options.OutputPaths = []string{"stderr"}
	options.SetDefaultOutputLevel(log.OverrideScopeName, log.NoneLevel)
	if err := log.Configure(options); err != nil {
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

func ask(line []byte) answer {
	decoder := json.NewDecoder(bytes.NewReader(line))
	decoder.DisallowUnknownFields()
	var asked question
	if err := decoder.Decode(&asked); err != nil {
		return answer{Error: err.Error()}
	}
	given := answer{Refused: []refusal{}, Warnings: []string{}}
	// It keeps every collection of every question.
	krt.GlobalDebugHandler = new(krt.DebugHandler)
	// What upstream wrote for its tests ends a test that goes wrong: here it ends the question.
	err := test.Wrap(func(t test.Failer) {
		defer func() {
			if reason := recover(); reason != nil {
				t.Fatalf("the simulator can't decide: %v", reason)
			}
		}()
		if err := fill(t, asked, &given); err != nil {
			t.Fatal(err)
		}
	})
	if err != nil {
		return answer{Error: err.Error()}
	}
	return given
}

func fill(t test.Failer, asked question, given *answer) error {
	parsed, refused := parseAll(asked.Manifests)
	given.Warnings = append(given.Warnings, parsed.warnings...)
	if len(refused) > 0 {
		given.Refused = refused
		return nil
	}
	if len(asked.Connections)+len(asked.Configurations) == 0 {
		return nil
	}
	mesh, err := startMesh(t, parsed, asked.Mesh, asked.Pods)
	if err != nil {
		return err
	}
	for _, one := range asked.Connections {
		path, err := mesh.follow(one)
		if err != nil {
			return err
		}
		given.Paths = append(given.Paths, path)
	}
	given.Configurations = map[string]configuration{}
	for _, name := range asked.Configurations {
		its, err := mesh.proxyOf(name)
		if err != nil {
			return err
		}
		if given.Configurations[name], err = its.configuration(); err != nil {
			return err
		}
	}
	given.Warnings = append(given.Warnings, mesh.warnings()...)
	return nil
}
