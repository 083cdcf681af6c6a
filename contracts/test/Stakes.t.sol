// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IFailedAwards} from "../src/interfaces/IFailedAwards.sol";
import {IOrders} from "../src/interfaces/IOrders.sol";
import {ISettlements} from "../src/interfaces/ISettlements.sol";
import {ISlashes} from "../src/interfaces/ISlashes.sol";
import {IStakes} from "../src/interfaces/IStakes.sol";
import {IVaultParameters} from "../src/interfaces/IVaultParameters.sol";
import {Nodes} from "../src/Nodes.sol";
import {Vault} from "../src/Vault.sol";
import {MarketFixture} from "./MarketFixture.sol";
import {vm} from "./Vm.sol";

contract StakesTest is MarketFixture {
    function setUp() public override {
        super.setUp();
        _stake(PROVIDER, 50 * DOLLAR);
    }

    function _slash(ISettlements.Settlement memory item, uint256 damages, uint256 toRequester) private {
        vm.prank(OPERATOR);
        nodes.slash(_slashEvidence(item), PROVIDER, damages, toRequester);
    }

    function _expectSlashRevert(ISettlements.Settlement memory item, uint256 damages, bytes memory reason) private {
        vm.prank(OPERATOR);
        vm.expectRevert(reason);
        nodes.slash(_slashEvidence(item), PROVIDER, damages, 0);
    }

    function _staked() private view returns (uint256 active, uint256 unstaking) {
        (active, unstaking,) = nodes.stakeOf(PROVIDER, NODE, address(token));
    }

    function test_stake_comes_from_the_wallet_and_never_from_the_account() public {
        vm.prank(REQUESTER);
        vm.expectRevert();
        nodes.stake(NODE, address(token), 1);
        assertEq(_balance(REQUESTER), 1_000 * DOLLAR);
    }

    function test_stake_comes_back_after_the_delay_to_its_provider() public {
        vm.prank(PROVIDER);
        nodes.requestUnstake(NODE, address(token), 50 * DOLLAR);
        vm.warp(START + WITHDRAW_DELAY - 1);
        vm.expectRevert(
            abi.encodeWithSelector(
                IStakes.StillLocked.selector, START + WITHDRAW_DELAY, START + WITHDRAW_DELAY - 1
            )
        );
        nodes.completeUnstake(PROVIDER, NODE, address(token));
        vm.warp(START + WITHDRAW_DELAY);
        nodes.completeUnstake(PROVIDER, NODE, address(token));
        assertEq(token.balanceOf(PROVIDER), 50 * DOLLAR);
        vm.expectRevert(
            abi.encodeWithSelector(IStakes.NothingUnstaking.selector, PROVIDER, NODE, address(token))
        );
        nodes.completeUnstake(PROVIDER, NODE, address(token));
    }

    function test_nobody_unstakes_what_it_did_not_stake() public {
        vm.prank(NODE);
        vm.expectRevert(abi.encodeWithSelector(IStakes.InsufficientStake.selector, 0, 1));
        nodes.requestUnstake(NODE, address(token), 1);
    }

    function test_slash_makes_the_requester_whole_first_and_voids_the_award() public {
        ISettlements.Settlement memory item = _accepted(1);
        bytes32 awardHash = _awardHash(item.award);
        vm.expectEmit();
        emit ISlashes.Slashed(
            _orderHash(item.order), awardHash, NODE, PROVIDER, REQUESTER, address(token), 3 * DOLLAR, 6 * DOLLAR
        );
        _slash(item, 9 * DOLLAR, 3 * DOLLAR);
        vm.snapshotGasLastCall("slash");
        assertEq(_balance(REQUESTER), 1_003 * DOLLAR);
        assertEq(_balance(FAULTS), 6 * DOLLAR);
        (uint256 active,) = _staked();
        assertEq(active, 41 * DOLLAR);
        vm.expectRevert(abi.encodeWithSelector(ISettlements.AwardVoided.selector, awardHash));
        vault.settleOne(item);
        vm.expectRevert(abi.encodeWithSelector(ISettlements.AwardVoided.selector, awardHash));
        vault.claimOne(item);
    }

    function test_slash_of_nothing_voids_the_award_alone() public {
        ISettlements.Settlement memory item = _accepted(1);
        _slash(item, 0, 0);
        (uint256 active,) = _staked();
        assertEq(active, 50 * DOLLAR);
        assertTrue(vault.voided(_awardHash(item.award)));
    }

    function test_only_the_operator_slashes() public {
        ISlashes.SlashEvidence memory evidence = _slashEvidence(_accepted(1));
        vm.prank(REQUESTER);
        vm.expectRevert(abi.encodeWithSelector(ISlashes.OnlyOperator.selector, REQUESTER));
        nodes.slash(evidence, PROVIDER, 1, 1);
    }

    function test_award_is_slashed_once_and_for_at_most_the_bond() public {
        ISettlements.Settlement memory item = _accepted(1);
        _expectSlashRevert(
            item,
            10 * DOLLAR + 1,
            abi.encodeWithSelector(ISlashes.DamagesOverBond.selector, 10 * DOLLAR + 1, 10 * DOLLAR)
        );
        _slash(item, 10 * DOLLAR, 0);
        _expectSlashRevert(
            item, 1, abi.encodeWithSelector(ISlashes.AlreadySlashed.selector, _awardHash(item.award))
        );
    }

    function test_requester_is_never_given_more_than_the_damages() public {
        ISlashes.SlashEvidence memory evidence = _slashEvidence(_accepted(1));
        vm.prank(OPERATOR);
        vm.expectRevert(abi.encodeWithSelector(ISlashes.RequesterShareOverDamages.selector, 6, 5));
        nodes.slash(evidence, PROVIDER, 5, 6);
    }

    /// @dev The operator can sign any number of awards on one bid: the sheet's bonds are the end of it.
    function test_all_awards_on_one_sheet_cost_at_most_its_bonds() public {
        for (uint256 i = 0; i < 2; ++i) {
            ISettlements.Settlement memory item = _unsigned(1);
            item.award.roundHash = bytes32(i);
            _slash(_sign(item), 10 * DOLLAR, 0);
        }
        ISettlements.Settlement memory third = _unsigned(1);
        third.award.roundHash = bytes32(uint256(2));
        _sign(third);
        _expectSlashRevert(
            third,
            1,
            abi.encodeWithSelector(
                ISlashes.BondsExhausted.selector, _sheetHash(third.sheet), 20 * DOLLAR, 20 * DOLLAR
            )
        );
    }

    function test_settled_order_is_never_slashed() public {
        ISettlements.Settlement memory item = _accepted(1);
        vault.settleOne(item);
        _expectSlashRevert(
            item, 1, abi.encodeWithSelector(IOrders.NonceSpent.selector, REQUESTER, item.order.nonce)
        );
    }

    function test_claimed_award_is_the_arbiters_to_judge_first() public {
        ISettlements.Settlement memory item = _delivered(1);
        vault.claimOne(item);
        _expectSlashRevert(
            item, 1, abi.encodeWithSelector(IFailedAwards.AwardIsClaimed.selector, _awardHash(item.award))
        );
        vm.prank(REQUESTER);
        vault.challenge(_orderHash(item.order));
        vm.prank(ARBITER);
        vault.rule(_orderHash(item.order), false);
        _slash(item, 10 * DOLLAR, 0);
    }

    function test_slash_needs_the_nodes_bid_on_that_order() public {
        ISettlements.Settlement memory item = _accepted(1);
        ISettlements.Settlement memory other = _accepted(2);
        (item.sheet, item.sheetSignature, item.proof) = (other.sheet, other.sheetSignature, other.proof);
        bytes32 leaf = _leaf(_orderHash(item.order), item.agentVersion, item.ask, item.promisedSeconds, 0);
        _expectSlashRevert(
            item, 1, abi.encodeWithSelector(ISettlements.BidNotInSheet.selector, item.sheet.answersRoot, leaf)
        );
        item = _accepted(1);
        item.sheetSignature = _signWith(OPERATOR_KEY, _sheetHash(item.sheet));
        _expectSlashRevert(
            item,
            1,
            abi.encodeWithSelector(
                ISettlements.WrongSigner.selector, ISettlements.Signed.BidSheet, NODE, OPERATOR
            )
        );
    }

    function test_slash_needs_messages_that_belong_together() public {
        ISettlements.Settlement memory item = _unsigned(1);
        item.order.operator = STRANGER;
        _sign(item);
        _expectSlashRevert(
            item, 1, abi.encodeWithSelector(ISettlements.WrongOperator.selector, OPERATOR, STRANGER)
        );
        item = _accepted(1);
        ISettlements.Settlement memory other = _accepted(2);
        item.award = other.award;
        _expectSlashRevert(
            item,
            1,
            abi.encodeWithSelector(
                ISettlements.AwardForOtherOrder.selector, _orderHash(item.order), _orderHash(other.order)
            )
        );
        item = _accepted(1);
        item.sheet.node = STRANGER;
        _expectSlashRevert(
            item, 1, abi.encodeWithSelector(ISettlements.SheetOfOtherNode.selector, NODE, STRANGER)
        );
    }

    function test_slash_needs_an_award_the_bid_covers() public {
        ISettlements.Settlement memory item = _unsigned(1);
        item.ask = 45 * DOLLAR + 1;
        _sign(item);
        _expectSlashRevert(
            item,
            1,
            abi.encodeWithSelector(ISettlements.PaymentUnderAsk.selector, 45 * DOLLAR, 45 * DOLLAR + 1)
        );
    }

    function test_node_that_vanished_before_signing_is_bound_by_its_bid() public {
        ISettlements.Settlement memory item = _accepted(1);
        item.nodeSignature = "";
        _slash(item, 10 * DOLLAR, 10 * DOLLAR);
        assertEq(_balance(REQUESTER), 1_010 * DOLLAR);
    }

    function test_wrong_signature_on_the_award_is_not_taken_for_none() public {
        ISettlements.Settlement memory item = _accepted(1);
        item.nodeSignature = _signWith(OPERATOR_KEY, _awardHash(item.award));
        _expectSlashRevert(
            item,
            1,
            abi.encodeWithSelector(
                ISettlements.WrongSigner.selector, ISettlements.Signed.NodeAward, NODE, OPERATOR
            )
        );
    }

    function test_slash_reaches_what_waits_to_be_unstaked_and_stops_at_what_there_is() public {
        vm.prank(PROVIDER);
        nodes.requestUnstake(NODE, address(token), 45 * DOLLAR);
        _slash(_accepted(1), 10 * DOLLAR, 0);
        (uint256 active, uint256 unstaking) = _staked();
        assertEq(active, 0);
        assertEq(unstaking, 40 * DOLLAR);
        vm.warp(START + WITHDRAW_DELAY);
        nodes.completeUnstake(PROVIDER, NODE, address(token));
        ISettlements.Settlement memory item = _unsigned(2);
        item.sheet.roundId = keccak256("another round");
        _slash(_sign(item), 10 * DOLLAR, 4 * DOLLAR);
        assertEq(_balance(REQUESTER), 1_000 * DOLLAR);
        assertEq(_balance(FAULTS), 10 * DOLLAR);
    }

    function test_stake_of_another_provider_for_the_node_is_untouched() public {
        _stake(STRANGER, 50 * DOLLAR);
        _slash(_accepted(1), 10 * DOLLAR, 0);
        (uint256 active,,) = nodes.stakeOf(STRANGER, NODE, address(token));
        assertEq(active, 50 * DOLLAR);
    }

    function test_old_awards_cannot_be_dug_up() public {
        ISettlements.Settlement memory item = _accepted(1);
        uint256 until = uint256(item.order.settleBy) + CHALLENGE_WINDOW + 30 days;
        vm.warp(until + 1);
        _expectSlashRevert(item, 1, abi.encodeWithSelector(ISlashes.SlashTooLate.selector, until, until + 1));
    }

    function test_only_the_vaults_own_contract_of_stakes_voids_an_award() public {
        assertTrue(vault.nodes() == address(nodes));
        ISettlements.Settlement memory item = _accepted(1);
        address[3] memory others = [OPERATOR, GOVERNOR, STRANGER];
        for (uint256 i = 0; i < 3; ++i) {
            vm.prank(others[i]);
            vm.expectRevert(abi.encodeWithSelector(IFailedAwards.OnlyNodes.selector, others[i]));
            vault.voidAward(
                _orderHash(item.order), _awardHash(item.award), REQUESTER, item.order.nonce, address(token), 0, 0
            );
        }
        vault.settleOne(item);
    }

    function test_operator_of_another_vault_reaches_no_stake_here() public {
        IVaultParameters.Parameters memory given = _parameters();
        given.operator = STRANGER;
        Vault other = new Vault(address(authority), given, address(batches));
        Vault own = vault;
        vault = other;
        ISettlements.Settlement memory item = _unsigned(1);
        item.order.operator = STRANGER;
        ISlashes.SlashEvidence memory evidence = _slashEvidence(_sign(item));
        vault = own;
        Nodes others = Nodes(other.nodes());
        vm.prank(STRANGER);
        others.slash(evidence, PROVIDER, 10 * DOLLAR, 0);
        vm.prank(STRANGER);
        vm.expectRevert(abi.encodeWithSelector(ISlashes.OnlyOperator.selector, STRANGER));
        nodes.slash(evidence, PROVIDER, 10 * DOLLAR, 0);
        (uint256 active,) = _staked();
        assertEq(active, 50 * DOLLAR);
    }

    function test_stake_for_nobody_or_of_nothing_is_refused() public {
        vm.expectRevert(IStakes.ZeroAddress.selector);
        nodes.stake(address(0), address(token), 1);
        vm.expectRevert(IStakes.ZeroAmount.selector);
        nodes.stake(NODE, address(token), 0);
        vm.prank(PROVIDER);
        vm.expectRevert(IStakes.ZeroAmount.selector);
        nodes.requestUnstake(NODE, address(token), 0);
    }

    /// @dev However stake, requests and damages mix, a slash takes what it may and no more, active stake first.
    function testFuzz_slash_takes_the_damages_or_all_there_is(uint256 asked, uint256 bond, uint256 damages, uint256 share)
        public
    {
        asked = _bound(asked, 1, 50 * DOLLAR);
        vm.prank(PROVIDER);
        nodes.requestUnstake(NODE, address(token), asked);
        ISettlements.Settlement memory item = _unsigned(1);
        item.sheet.bond = _bound(bond, 0, 100 * DOLLAR);
        damages = _bound(damages, 0, item.sheet.bond);
        share = _bound(share, 0, damages);
        _slash(_sign(item), damages, share);
        uint256 taken = damages < 50 * DOLLAR ? damages : 50 * DOLLAR;
        (uint256 active, uint256 unstaking) = _staked();
        assertEq(active + unstaking, 50 * DOLLAR - taken);
        assertTrue(active == 0 || unstaking == asked);
        uint256 made = taken < share ? taken : share;
        assertEq(_balance(REQUESTER), 1_000 * DOLLAR + made);
        assertEq(_balance(FAULTS), taken - made);
        assertTrue(nodes.slashed(_awardHash(item.award)));
    }
}
