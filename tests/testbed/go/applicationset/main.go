// The Applications that Argo CD's own controller makes of an ApplicationSet, as a JSON list.
//
//	applicationset [--enable-progressive-syncs] [--enable-new-git-file-globbing] MANIFEST FOLDER
//
// Both options are the controller's own, off as they are there. MANIFEST holds one ApplicationSet; AppProjects, and
// Secrets that make clusters known, may follow it as further documents. FOLDER stands for every Git repository at every
// revision. The first thing that the controller would refuse goes to standard error, with exit status 1.
//
// Each element has `application`; with progressive syncs also `step`, in which a RollingSync changes it ("-1": in none),
// and `deletion`, a number from 1, where deleting the ApplicationSet deletes Applications in an order.
package main

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"os"

	log "github.com/sirupsen/logrus"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/argoproj/argo-cd/v3/common"
	"github.com/argoproj/argo-cd/v3/pkg/apis/application/v1alpha1"
)

type result struct {
	Application map[string]any `json:"application"`
	Step        string         `json:"step,omitempty"`
	Deletion    int            `json:"deletion,omitempty"`
}

func main() {
	progressive := flag.Bool("enable-progressive-syncs", false, "order by spec.strategy")
	newGlobbing := flag.Bool("enable-new-git-file-globbing", false, "a star ends at a slash")
	flag.Parse()
	// The controller repeats its errors in the status, which is what counts here; its warnings are nowhere else.
	log.SetOutput(io.Discard)
	log.AddHook(warnings{})
	_ = os.Setenv(common.EnvLogLevel, "error") // of the Git client
	results, err := expand(flag.Arg(0), flag.Arg(1), *progressive, *newGlobbing)
	if err == nil {
		encoder := json.NewEncoder(os.Stdout)
		encoder.SetIndent("", "  ")
		err = encoder.Encode(results)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// warnings writes the controller's warnings to standard error.
type warnings struct{}

func (warnings) Levels() []log.Level { return []log.Level{log.WarnLevel} }

func (warnings) Fire(entry *log.Entry) error {
	_, err := fmt.Fprintln(os.Stderr, "warning:", entry.Message)
	return err
}

func expand(manifest, folder string, progressive, newGlobbing bool) ([]result, error) {
	ctx := context.Background()
	given, err := read(manifest)
	if err != nil {
		return nil, err
	}
	repository, err := openRepository(folder, newGlobbing)
	if err != nil {
		return nil, err
	}
	defer repository.close()
	controller, err := newController(ctx, given, repository, progressive)
	if err != nil {
		return nil, err
	}
	if err := controller.pass(ctx); err != nil {
		return nil, err
	}
	applications, err := controller.applications(ctx)
	if err != nil {
		return nil, err
	}
	results := make([]result, 0, len(applications))
	for _, application := range applications {
		plain, err := plainApplication(application)
		if err != nil {
			return nil, err
		}
		results = append(results, result{Application: plain})
	}
	if !progressive {
		return results, nil
	}
	steps, err := controller.steps(ctx)
	if err != nil {
		return nil, err
	}
	deletions, err := controller.deletions(ctx, steps)
	if err != nil {
		return nil, err
	}
	for i, application := range applications {
		results[i].Step = steps[application.Name]
		results[i].Deletion = deletions[application.Name]
	}
	return results, nil
}

// plainApplication leaves out what only a cluster adds.
func plainApplication(application v1alpha1.Application) (map[string]any, error) {
	application.TypeMeta = metav1.TypeMeta{APIVersion: v1alpha1.SchemeGroupVersion.String(), Kind: "Application"}
	application.ResourceVersion = ""
	application.OwnerReferences = nil
	content, err := json.Marshal(application)
	if err != nil {
		return nil, err
	}
	var plain map[string]any
	if err := json.Unmarshal(content, &plain); err != nil {
		return nil, err
	}
	delete(plain, "status")
	return plain, nil
}
