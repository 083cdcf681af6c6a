// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Pausable} from "@openzeppelin/contracts/utils/Pausable.sol";
import {IAccounts} from "../src/interfaces/IAccounts.sol";
import {INodeRegistry} from "../src/interfaces/INodeRegistry.sol";
import {IRewards} from "../src/interfaces/IRewards.sol";
import {ISettlements} from "../src/interfaces/ISettlements.sol";
import {ISlashes} from "../src/interfaces/ISlashes.sol";
import {IStakes} from "../src/interfaces/IStakes.sol";
import {TypedData} from "../src/libraries/TypedData.sol";
import {MarketFixture} from "./MarketFixture.sol";
import {TaxedToken} from "./harness/TaxedToken.sol";
import {vm} from "./Vm.sol";

/// @dev Rewards, rulings, and what a pause does to the money here.
contract RewardsTest is MarketFixture {
    function setUp() public override {
        super.setUp();
        _stake(PROVIDER, 50 * DOLLAR);
    }

    function _register() private {
        bytes memory consent = _signWith(
            NODE_KEY,
            _digest(keccak256(abi.encode(TypedData.NODE_CONSENT_TYPEHASH, NODE, PROVIDER, 0, uint64(START))))
        );
        vm.prank(PROVIDER);
        nodes.register(NODE, 1, uint64(START), consent);
    }

    function _reward(uint256 amount) private {
        _fundGovernor(amount);
        vm.prank(GOVERNOR);
        nodes.reward(NODE, address(token), amount);
    }

    function _fundGovernor(uint256 amount) private {
        token.mint(GOVERNOR, amount);
        vm.prank(GOVERNOR);
        token.approve(address(nodes), amount);
    }

    function _rule(uint256 damages, address to) private returns (uint256) {
        vm.prank(GOVERNOR);
        return nodes.slashByRuling(PROVIDER, NODE, address(token), damages, to);
    }

    function test_reward_waits_for_the_nodes_provider() public {
        _register();
        _fundGovernor(7 * DOLLAR);
        vm.expectEmit();
        emit IRewards.RewardCredited(NODE, PROVIDER, address(token), 7 * DOLLAR);
        vm.prank(GOVERNOR);
        nodes.reward(NODE, address(token), 7 * DOLLAR);
        assertEq(nodes.rewardsOf(PROVIDER, address(token)), 7 * DOLLAR);
        vm.expectEmit();
        emit IRewards.RewardsClaimed(PROVIDER, address(token), 7 * DOLLAR);
        nodes.claimRewards(PROVIDER, address(token));
        assertEq(token.balanceOf(PROVIDER), 7 * DOLLAR);
        vm.expectRevert(
            abi.encodeWithSelector(IRewards.NothingToClaim.selector, PROVIDER, address(token))
        );
        nodes.claimRewards(PROVIDER, address(token));
        (uint256 staked,,) = nodes.stakeOf(PROVIDER, NODE, address(token));
        assertEq(staked, 50 * DOLLAR);
    }

    function test_reward_of_an_unregistered_node_or_of_nothing_is_refused() public {
        vm.prank(GOVERNOR);
        vm.expectRevert(abi.encodeWithSelector(INodeRegistry.NotRegistered.selector, NODE));
        nodes.reward(NODE, address(token), 1);
        _register();
        vm.prank(GOVERNOR);
        vm.expectRevert(IStakes.ZeroAmount.selector);
        nodes.reward(NODE, address(token), 0);
    }

    function test_reward_is_paid_for_by_whoever_gives_it_and_never_out_of_stakes() public {
        _register();
        vm.prank(GOVERNOR);
        vm.expectRevert();
        nodes.reward(NODE, address(token), 1);
        assertEq(nodes.rewardsOf(PROVIDER, address(token)), 0);
    }

    function test_ruling_takes_what_there_is_and_pays_it_out() public {
        vm.prank(PROVIDER);
        nodes.requestUnstake(NODE, address(token), 45 * DOLLAR);
        vm.expectEmit();
        emit ISlashes.SlashedByRuling(PROVIDER, NODE, address(token), 20 * DOLLAR, REQUESTER);
        assertEq(_rule(20 * DOLLAR, REQUESTER), 20 * DOLLAR);
        (uint256 staked, uint256 unstaking,) = nodes.stakeOf(PROVIDER, NODE, address(token));
        assertEq(staked, 0);
        assertEq(unstaking, 30 * DOLLAR);
        assertEq(_rule(31 * DOLLAR, REQUESTER), 30 * DOLLAR);
        assertEq(_rule(1, REQUESTER), 0);
        assertEq(token.balanceOf(REQUESTER), 50 * DOLLAR);
    }

    function test_ruling_for_nobody_is_refused() public {
        vm.prank(GOVERNOR);
        vm.expectRevert(IStakes.ZeroAddress.selector);
        nodes.slashByRuling(PROVIDER, NODE, address(token), 1, address(0));
    }

    function test_ruling_reaches_no_other_stake_and_no_reward() public {
        _register();
        _reward(7 * DOLLAR);
        _stake(STRANGER, 50 * DOLLAR);
        assertEq(_rule(1_000 * DOLLAR, REQUESTER), 50 * DOLLAR);
        (uint256 staked,,) = nodes.stakeOf(STRANGER, NODE, address(token));
        assertEq(staked, 50 * DOLLAR);
        assertEq(nodes.rewardsOf(PROVIDER, address(token)), 7 * DOLLAR);
    }

    function test_pause_stops_new_stakes_and_no_money_out() public {
        _register();
        _reward(7 * DOLLAR);
        vm.prank(PROVIDER);
        nodes.requestUnstake(NODE, address(token), 10 * DOLLAR);
        vm.prank(GOVERNOR);
        nodes.pause();
        vm.prank(PROVIDER);
        vm.expectRevert(Pausable.EnforcedPause.selector);
        nodes.stake(NODE, address(token), 1);
        vm.prank(PROVIDER);
        nodes.requestUnstake(NODE, address(token), 5 * DOLLAR);
        vm.warp(START + WITHDRAW_DELAY);
        nodes.completeUnstake(PROVIDER, NODE, address(token));
        nodes.claimRewards(PROVIDER, address(token));
        assertEq(token.balanceOf(PROVIDER), 22 * DOLLAR);
        _rule(5 * DOLLAR, REQUESTER);
        vm.warp(START);
        vm.prank(OPERATOR);
        nodes.slash(_slashEvidence(_accepted(1)), PROVIDER, 10 * DOLLAR, 0);
    }

    function test_token_that_taxes_transfers_leaves_both_contracts_able_to_pay() public {
        TaxedToken taxed = new TaxedToken(100);
        taxed.mint(PROVIDER, 10_000);
        vm.prank(PROVIDER);
        taxed.approve(address(nodes), 10_000);
        vm.prank(PROVIDER);
        nodes.stake(NODE, address(taxed), 10_000);
        (uint256 staked,,) = nodes.stakeOf(PROVIDER, NODE, address(taxed));
        assertEq(staked, 9_900);
        ISettlements.Settlement memory item = _unsigned(1);
        item.order.token = address(taxed);
        ISlashes.SlashEvidence memory evidence = _slashEvidence(_sign(item));
        vm.prank(OPERATOR);
        nodes.slash(evidence, PROVIDER, 1_000, 995);
        // The vault credits the 990 that arrived, the requester first.
        assertEq(vault.balanceOf(REQUESTER, address(taxed)), 990);
        assertEq(vault.balanceOf(FAULTS, address(taxed)), 0);
        assertEq(taxed.balanceOf(address(vault)), 990);
        assertEq(taxed.balanceOf(address(nodes)), 8_900);
        taxed.setTax(10_000);
        item.sheet.roundId = keccak256("another round");
        item.award.roundHash = keccak256("another round");
        evidence = _slashEvidence(_sign(item));
        vm.prank(OPERATOR);
        vm.expectRevert(IAccounts.ZeroAmount.selector);
        nodes.slash(evidence, PROVIDER, 1_000, 995);
    }

    function test_token_that_keeps_everything_is_no_stake() public {
        TaxedToken taxed = new TaxedToken(10_000);
        taxed.mint(address(this), 10);
        taxed.approve(address(nodes), 10);
        vm.expectRevert(IStakes.ZeroAmount.selector);
        nodes.stake(NODE, address(taxed), 10);
    }
}
