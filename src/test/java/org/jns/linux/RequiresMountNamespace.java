// SPDX-License-Identifier: Apache-2.0
package org.jns.linux;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Needs root, in a temporary view of the machine: {@code tests/lib/view} makes one, and {@code tests/run unit} runs
 * these tests in it. Elsewhere they are skipped, with a message.
 */
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
@Tag("root")
@ExtendWith(RequiresMountNamespace.Condition.class)
public @interface RequiresMountNamespace {

    /** Tells what is missing. */
    final class Condition implements ExecutionCondition {
        @Override
        public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
            if (!System.getProperty("user.name").equals("root")) {
                return ConditionEvaluationResult.disabled("needs root; run tests/run unit");
            }
            if (System.getenv("JNS_VIEW") == null) {
                return ConditionEvaluationResult.disabled("needs a throw-away view of the machine; run tests/run unit");
            }
            return ConditionEvaluationResult.enabled("root in a throw-away view");
        }
    }
}
