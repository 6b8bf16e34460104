// SPDX-License-Identifier: Apache-2.0
package org.jns.model;

/**
 * A path that the planner needs facts about.
 *
 * @param trust whether {@link Fact.Present#rootOnly} is needed, which costs a look at every folder on the way
 */
public record Question(AbsPath path, boolean trust) {}
