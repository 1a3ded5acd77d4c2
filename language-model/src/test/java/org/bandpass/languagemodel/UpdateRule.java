package org.bandpass.languagemodel;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/** Lion and AdamW with decoupled decay, as their papers define them, in double precision. */
final class UpdateRule {
    private final TrainingRecipe recipe;
    private final Map<String, double[]> weights;
    private final Map<String, double[]> first = new HashMap<>();
    private final Map<String, double[]> second = new HashMap<>();
    private int step;

    UpdateRule(TrainingRecipe recipe, Map<String, double[]> weights) {
        this.recipe = recipe;
        this.weights = weights;
        weights.forEach((name, numbers) -> {
            first.put(name, new double[numbers.length]);
            second.put(name, new double[numbers.length]);
        });
    }

    Map<String, double[]> weights() {
        return weights;
    }

    void continueFrom(Map<String, double[]> found) {
        weights.putAll(found);
    }

    /** Takes a step with that gradient; returns its norm. */
    double step(Map<String, double[]> gradient) {
        double norm = Math.sqrt(gradient.values().stream()
                .flatMapToDouble(Arrays::stream)
                .map(g -> g * g)
                .sum());
        double factor = recipe.clipNorm() > 0 && norm > recipe.clipNorm() ? recipe.clipNorm() / norm : 1;
        double share = recipe.rateShare(step++);
        gradient.forEach((name, numbers) -> {
            for (int i = 0; i < numbers.length; i++) {
                double g = factor * numbers[i];
                double[] w = weights.get(name);
                double direction = recipe.optimizer() == Optimizer.LION ? lion(name, i, g) : adam(name, i, g);
                w[i] -= recipe.weightDecay() * share * w[i] + recipe.learningRate() * share * direction;
            }
        });
        return norm;
    }

    private double lion(String name, int i, double g) {
        double[] m = first.get(name);
        double direction = Math.signum(recipe.beta1() * m[i] + (1 - recipe.beta1()) * g);
        m[i] = recipe.beta2() * m[i] + (1 - recipe.beta2()) * g;
        return direction;
    }

    private double adam(String name, int i, double g) {
        double[] m = first.get(name);
        double[] v = second.get(name);
        m[i] = recipe.beta1() * m[i] + (1 - recipe.beta1()) * g;
        v[i] = recipe.beta2() * v[i] + (1 - recipe.beta2()) * g * g;
        double mean = m[i] / (1 - Math.pow(recipe.beta1(), step));
        double square = v[i] / (1 - Math.pow(recipe.beta2(), step));
        return mean / (Math.sqrt(square) + 1e-8);
    }
}
