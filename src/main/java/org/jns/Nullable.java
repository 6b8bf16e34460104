// SPDX-License-Identifier: Apache-2.0
package org.jns;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Marks what may be null: a field before its first use, and what a library gives or takes. Everything else is never
 * null, which NullAway checks; it looks for an annotation with this name. Classes do not refer to it when they run.
 */
@Documented
@Retention(RetentionPolicy.SOURCE)
@Target({ElementType.FIELD, ElementType.METHOD, ElementType.PARAMETER})
public @interface Nullable {}
