package org.bandpass.eval.profile;

/**
 * The fixed strings of a task's prompts.
 *
 * @param start text in front of the first shot
 * @param exampleDelimiter text in front of each further shot and of the asked row
 * @param continuationDelimiter text between a context and its answer; its trailing white space is kept in shots only
 * @param questionPrelimiter text in front of each context; generation only
 * @param reasoningDelimiter text between a chain of thought and the answer, in shots and in what the model writes;
 *     generation only
 */
public record PromptFormat(
        String start,
        String exampleDelimiter,
        String continuationDelimiter,
        String questionPrelimiter,
        String reasoningDelimiter) {}
