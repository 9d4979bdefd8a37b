package main

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"sort"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	kubefake "k8s.io/client-go/kubernetes/fake"
	"k8s.io/client-go/tools/record"
	ctrl "sigs.k8s.io/controller-runtime"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/client/fake"

	"github.com/argoproj/argo-cd/v3/applicationset/controllers"
	"github.com/argoproj/argo-cd/v3/applicationset/generators"
	"github.com/argoproj/argo-cd/v3/applicationset/metrics"
	"github.com/argoproj/argo-cd/v3/applicationset/utils"
	"github.com/argoproj/argo-cd/v3/pkg/apis/application/v1alpha1"
	"github.com/argoproj/argo-cd/v3/util/db"
	"github.com/argoproj/argo-cd/v3/util/settings"
)

// controller is Argo CD's own, with objects in memory in place of an API server.
type controller struct {
	reconciler controllers.ApplicationSetReconciler
	set        client.ObjectKey
}

func newController(ctx context.Context, given *documents, repos *repository, progressive bool) (*controller, error) {
	namespace := given.set.Namespace
	known := knownGenerators(repos, namespace)
	for _, requested := range given.set.Spec.Generators {
		if slices.Contains(generators.GetRelevantGenerators(&requested, known), nil) {
			return nil, errors.New("only the generators list, git, matrix and merge are supported here")
		}
	}
	scheme := runtime.NewScheme()
	if err := v1alpha1.AddToScheme(scheme); err != nil {
		return nil, err
	}
	kubernetes := kubefake.NewClientset(given.settings()...)
	return &controller{
		set: client.ObjectKeyFromObject(given.set),
		reconciler: controllers.ApplicationSetReconciler{
			Client: fake.NewClientBuilder().WithScheme(scheme).WithObjects(given.stored()...).
				WithStatusSubresource(given.set).WithIndex(&v1alpha1.Application{}, ".metadata.controller", owner).Build(),
			Scheme:                 scheme,
			Recorder:               &record.FakeRecorder{},
			Renderer:               &utils.Render{},
			Generators:             known,
			ArgoDB:                 db.NewDB(namespace, settings.NewSettingsManager(ctx, kubernetes, namespace), kubernetes),
			KubeClientset:          kubernetes,
			Policy:                 v1alpha1.ApplicationsSyncPolicySync,
			EnablePolicyOverride:   true,
			ArgoCDNamespace:        namespace,
			EnableProgressiveSyncs: progressive,
			Metrics:                metrics.NewFakeAppsetMetrics(),
		},
	}, nil
}

// knownGenerators are those that need no cluster and no network; matrix and merge may hold each other once, as they may
// in the controller.
func knownGenerators(repos *repository, namespace string) map[string]generators.Generator {
	known := map[string]generators.Generator{
		"List": generators.NewListGenerator(),
		"Git":  generators.NewGitGenerator(repos, namespace),
	}
	for range 2 {
		outer := maps.Clone(known)
		outer["Matrix"] = generators.NewMatrixGenerator(known)
		outer["Merge"] = generators.NewMergeGenerator(known)
		known = outer
	}
	return known
}

func owner(object client.Object) []string {
	if found := metav1.GetControllerOf(object); found != nil && found.Kind == "ApplicationSet" {
		return []string{found.Name}
	}
	return nil
}

// pass lets the controller look once, and returns what it writes into the status as an error.
func (c *controller) pass(ctx context.Context) error {
	if _, err := c.reconciler.Reconcile(ctx, ctrl.Request{NamespacedName: c.set}); err != nil {
		return err
	}
	set := &v1alpha1.ApplicationSet{}
	if err := c.reconciler.Get(ctx, c.set, set); err != nil {
		return client.IgnoreNotFound(err)
	}
	for _, condition := range set.Status.Conditions {
		isTrue := condition.Status == v1alpha1.ApplicationSetConditionStatusTrue
		if condition.Type == v1alpha1.ApplicationSetConditionErrorOccurred && isTrue {
			return fmt.Errorf("%s: %s", condition.Reason, condition.Message)
		}
	}
	return nil
}

func (c *controller) applications(ctx context.Context) ([]v1alpha1.Application, error) {
	var list v1alpha1.ApplicationList
	if err := c.reconciler.List(ctx, &list, client.InNamespace(c.set.Namespace)); err != nil {
		return nil, err
	}
	sort.Slice(list.Items, func(i, j int) bool { return list.Items[i].Name < list.Items[j].Name })
	return list.Items, nil
}

// steps are what the controller writes into the status, once it sees the Applications that it has made.
func (c *controller) steps(ctx context.Context) (map[string]string, error) {
	if err := c.pass(ctx); err != nil {
		return nil, err
	}
	set := &v1alpha1.ApplicationSet{}
	if err := c.reconciler.Get(ctx, c.set, set); err != nil {
		return nil, err
	}
	steps := map[string]string{}
	for _, one := range set.Status.ApplicationStatus {
		steps[one.Application] = one.Step
	}
	return steps, nil
}

// deletions deletes the ApplicationSet and watches: Applications of one step share a number, since the controller takes
// them in no order of its own. What it leaves to Kubernetes' garbage collection has no number.
func (c *controller) deletions(ctx context.Context, steps map[string]string) (map[string]int, error) {
	set := &v1alpha1.ApplicationSet{}
	if err := c.reconciler.Get(ctx, c.set, set); err != nil {
		return nil, err
	}
	if err := c.reconciler.Delete(ctx, set); err != nil {
		return nil, err
	}
	deletions := map[string]int{}
	number, last := 0, ""
	for range len(steps) + 1 {
		if err := c.pass(ctx); err != nil {
			return nil, err
		}
		applications, err := c.applications(ctx)
		if err != nil {
			return nil, err
		}
		for _, application := range applications {
			if application.DeletionTimestamp == nil {
				continue
			}
			if step := steps[application.Name]; step != last {
				number, last = number+1, step
			}
			deletions[application.Name] = number
			// In place of the application controller, whose finalizer this is.
			application.Finalizers = nil
			if err := c.reconciler.Update(ctx, &application); err != nil {
				return nil, err
			}
		}
	}
	return deletions, nil
}
