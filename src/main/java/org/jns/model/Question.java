// SPDX-License-Identifier: Apache-2.0
package org.jns.model;

/**
 * A path that the planner must know about.
 *
 * @param trust whether {@link Fact.Present#rootOnly} is asked for, which costs a look at every folder on the way
 */
public record Question(AbsPath path, boolean trust) {}
